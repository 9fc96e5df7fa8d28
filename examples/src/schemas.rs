//! The schemas of the JSON forms, part of the program, so that they fit it.

use crate::cli::Schema;

/// The JSON Schema of what a command prints.
pub(crate) fn text(schema: Schema) -> &'static str {
    match schema {
        Schema::Bundle => include_str!("../schemas/bundle.schema.json"),
        Schema::Detect => include_str!("../schemas/detect.schema.json"),
        Schema::Vet => include_str!("../schemas/vet.schema.json"),
        Schema::Fix => include_str!("../schemas/fix.schema.json"),
    }
}
