//! Times that a build server puts before each line.

/// What follows `15:56:42 ` and `[2024-07-16T20:33:23.057Z] `, as Jenkins prints them.
pub(super) fn after_clock(line: &[u8]) -> &[u8] {
    let end = match line.first() {
        Some(b'[') => bracketed(line),
        Some(b'0'..=b'2') => time(line).then_some(8),
        _ => None,
    };
    match end.map(|end| &line[end..]) {
        Some([b' ', rest @ ..]) => rest,
        Some([]) => b"",
        _ => line,
    }
}

/// Where `[2024-07-16T20:33:23.057Z]` ends.
fn bracketed(line: &[u8]) -> Option<usize> {
    const SHAPE: &[u8] = b"[0000-00-00T00:00:00.000Z]";
    fits(line, SHAPE).then_some(SHAPE.len())
}

/// Whether a line begins with a time of day.
fn time(line: &[u8]) -> bool {
    let tens = |at: usize, most: u8| line.get(at).is_some_and(|digit| *digit <= most);
    fits(line, b"00:00:00") && tens(3, b'5') && tens(6, b'5')
}

fn fits(line: &[u8], shape: &[u8]) -> bool {
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    line.len() >= shape.len() && line.iter().zip(shape).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_build_server_go() {
        for (line, rest) in [
            ("15:56:42 ==== ERRORS ====", "==== ERRORS ===="),
            ("15:56:42     return x", "    return x"),
            ("15:56:42", ""),
            ("[2024-07-16T20:33:23.057Z] + pytest", "+ pytest"),
        ] {
            assert_eq!(after_clock(line.as_bytes()), rest.as_bytes());
        }
    }

    #[test]
    fn other_digits_stay() {
        for line in ["15:56:42.123 x", "1 failed in 0.1s", "15:76:42 x", "[2024] x", "29 passed", "", "12:30"] {
            assert_eq!(after_clock(line.as_bytes()), line.as_bytes());
        }
    }
}
