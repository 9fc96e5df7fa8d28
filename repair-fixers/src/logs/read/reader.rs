//! Reads one input after another: text, packed or not, alone or many in an archive.

use super::archive;
use super::decode::{Ended, OldLines, Unpacked, Utf16};
use super::form::{Form, SAMPLE};
use super::lines::Lines;
use super::numbers::Numbers;
use super::parts::{Part, parts};
use super::steps::Steps;
use flate2::bufread::MultiGzDecoder;
use repair_core::Log;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The most that one packed file may hold.
const LARGEST_FILE: u64 = 2 << 30;
/// The most that all packed files together may hold.
const LARGEST_TOTAL: u64 = 4 << 30;

/// Reads several logs into one [`Log`]: the jobs of a run, the files of a folder.
///
/// ```
/// use repair_fixers::logs::{Part, Reader};
///
/// let mut reader = Reader::default();
/// reader.read(&Part::job("lint"), "All checks passed!\n".as_bytes()).unwrap();
/// reader.read(&Part::job("test"), "1 failed in 0.1s\n".as_bytes()).unwrap();
/// let log = reader.finish();
/// assert_eq!(log.steps[1].job.as_deref(), Some("test"));
/// ```
#[derive(Debug)]
pub struct Reader {
    steps: Steps,
    notes: Vec<String>,
    refused: Option<String>,
    limit: u64,
    left: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::with_limit(LARGEST_TOTAL)
    }
}

/// What reading an input came to: nothing to say, or why it is no log.
type Refusal = Option<String>;

impl Reader {
    /// A reader that unpacks at most `limit` bytes in all; the usual limit is 4 GiB, and 2 GiB for one file.
    pub fn with_limit(limit: u64) -> Self {
        Self { steps: Steps::default(), notes: Vec::new(), refused: None, limit, left: limit }
    }

    /// Reads one input: text in UTF-8 or UTF-16, compressed with gzip or not, or a zip archive with the logs of a run.
    ///
    /// What is no log is told by a note. If packed data exceeds the limits, then the whole [`Log`] is refused.
    pub fn read(&mut self, part: &Part, input: impl BufRead) -> io::Result<()> {
        let refusal = self.any(part, input, false)?;
        self.note(part, refusal);
        Ok(())
    }

    /// What was read.
    pub fn finish(self) -> Log {
        if let Some(refused) = self.refused {
            let mut log = Log::default();
            log.notes.push(format!("not a log: {refused}"));
            return log;
        }
        let mut log = self.steps.finish();
        log.notes.splice(0..0, self.notes);
        log
    }

    fn note(&mut self, part: &Part, refusal: Refusal) {
        let Some(why) = refusal else { return };
        let file = part.file.as_ref().map(|file| format!("`{file}` is ")).unwrap_or_default();
        self.notes.push(format!("{file}not a log: {why}"));
    }

    /// Reads whatever `input` is; `packed` says that it comes out of an archive, so that it may be none itself.
    fn any(&mut self, part: &Part, mut input: impl BufRead, packed: bool) -> io::Result<Refusal> {
        let mut sample = Vec::new();
        input.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
        let form = Form::of(&sample);
        let numbers = if form == Form::Text { Numbers::of(&sample) } else { None };
        let input = Cursor::new(sample).chain(input);
        match form {
            Form::Text => self.text(part, input, numbers)?,
            Form::OldText => self.text(part, BufReader::new(OldLines(input)), None)?,
            Form::Utf16Little => self.text(part, BufReader::new(Utf16::new(input, false)), None)?,
            Form::Utf16Big => self.text(part, BufReader::new(Utf16::new(input, true)), None)?,
            Form::Gzip | Form::Zip if packed => {
                return Ok(Some("it is an archive inside of another one; unpack it first".to_owned()));
            }
            Form::Gzip => return self.unpacked(part, MultiGzDecoder::new(input)),
            Form::Zip => return self.archive(part, input),
            Form::Refused(why) => return Ok(Some(why.to_owned())),
        }
        Ok(None)
    }

    fn text(&mut self, part: &Part, input: impl BufRead, mut numbers: Option<Numbers>) -> io::Result<()> {
        self.steps.part(part.job.as_deref(), part.step.as_deref());
        let mut lines = Lines::new(input);
        while let Some(mut line) = lines.next()? {
            if let Some(numbers) = &mut numbers {
                line.bytes = numbers.strip(line.bytes);
            }
            self.steps.raw_line(&line);
        }
        Ok(())
    }

    /// Reads what a decompressor gives.
    fn unpacked(&mut self, part: &Part, input: impl Read) -> io::Result<Refusal> {
        let limit = self.left.min(LARGEST_FILE);
        let mut unpacked = Unpacked::new(input, limit);
        let reader: &mut dyn BufRead = &mut BufReader::with_capacity(64 * 1024, &mut unpacked);
        let refusal = self.any(part, reader, true)?;
        self.left -= limit - unpacked.left();
        Ok(match unpacked.ended {
            Ended::Whole => refusal,
            Ended::Damaged if refusal.is_some() => Some("what is compressed is cut off or damaged".to_owned()),
            Ended::Damaged => {
                let file = part.file.as_ref().map_or("the log".to_owned(), |file| format!("`{file}`"));
                self.notes.push(format!("{file} is cut off or damaged: its end is missing"));
                None
            }
            Ended::TooLarge => {
                let most = self.limit.min(LARGEST_FILE) >> 20;
                let why = "unpack it yourself and give the part that matters";
                self.refused = Some(format!("unpacked it is larger than {most} MiB; {why}"));
                None
            }
        })
    }

    /// Reads an archive. Nothing of it touches the disk.
    fn archive(&mut self, outer: &Part, input: impl Read) -> io::Result<Refusal> {
        let mut bytes = Vec::new();
        input.take(archive::LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > archive::LARGEST {
            let most = archive::LARGEST >> 20;
            return Ok(Some(format!("the zip archive is larger than {most} MiB; unpack it and give the folder")));
        }
        let mut archive = match archive::open(bytes) {
            Ok(archive) => archive,
            Err(why) => return Ok(Some(why)),
        };
        let parts = parts(&archive::names(&archive));
        if parts.is_empty() {
            return Ok(Some("the zip archive has no logs; give one with .txt or .log files".to_owned()));
        }
        for (index, mut part) in parts {
            if let (Some(outer), Some(file)) = (&outer.file, &part.file) {
                part.file = Some(format!("{outer}/{file}"));
            }
            let refusal = match archive.by_index(index) {
                Ok(file) if file.is_dir() => continue,
                Ok(file) => self.unpacked(&part, file)?,
                Err(error) => Some(archive::refusal(&error)),
            };
            self.note(&part, refusal);
            if self.refused.is_some() {
                break;
            }
        }
        Ok(None)
    }
}
