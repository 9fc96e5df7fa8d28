//! Values as expressions have them.

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Worth {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text. What comes from a file or a job's name is one, whatever it was before.
    Text(String),
    /// Several.
    List(Vec<Worth>),
}

impl Worth {
    /// Whether a condition holds that is worth this. A text that says `false` was most likely no text in the file.
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(truth) => *truth,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty() && text != "false",
            Self::List(_) => true,
        }
    }

    /// As it stands in a text; `None` for what does not stand in one.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Bool(truth) => Some(truth.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::List(_) => None,
        }
    }

    /// Whether both are the same: texts whatever their case, others as numbers.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.eq_ignore_ascii_case(other),
            (Self::Text(text), Self::Bool(truth)) | (Self::Bool(truth), Self::Text(text)) => *text == truth.to_string(),
            (Self::List(_), _) | (_, Self::List(_)) => false,
            _ => self.number() == other.number(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(truth) => f64::from(u8::from(*truth)),
            Self::Number(number) => *number,
            Self::Text(text) if text.trim().is_empty() => 0.0,
            Self::Text(text) => text.trim().parse().unwrap_or(f64::NAN),
            Self::List(_) => f64::NAN,
        }
    }
}

impl From<serde_json::Value> for Worth {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Bool(truth) => Self::Bool(truth),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            serde_json::Value::Null | serde_json::Value::Object(_) => Self::Null,
        }
    }
}
