//! Schemas of OpenAPI 3.0 as JSON Schema.

use serde_json::{Map, Value, json};

/// What a reference refers to, or the thing itself.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| document.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(value)
}

/// The schema with its references put in. If it is `strict`, an object has no property that is not described.
pub(super) fn plain(document: &Value, schema: &Value, strict: bool) -> Value {
    Plain { document, strict }.of(schema, &mut Vec::new())
}

/// What is wrong with a value.
pub(super) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("GitHub's schemas are schemas");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

struct Plain<'a> {
    document: &'a Value,
    strict: bool,
}

impl Plain<'_> {
    /// A schema that contains itself is not looked into a second time.
    fn of(&self, schema: &Value, inside: &mut Vec<String>) -> Value {
        match schema {
            Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
                Some(reference) if inside.iter().any(|known| known == reference) => json!({}),
                Some(reference) => {
                    inside.push(reference.to_owned());
                    let plain = self.of(resolved(self.document, schema), inside);
                    inside.pop();
                    plain
                }
                None => self.object(object, inside),
            },
            other => other.clone(),
        }
    }

    fn object(&self, object: &Map<String, Value>, inside: &mut Vec<String>) -> Value {
        let mut out = Map::new();
        for (key, value) in object {
            let plain = match key.as_str() {
                "properties" => self.each(value, inside),
                "items" | "not" | "additionalProperties" => self.of(value, inside),
                "allOf" | "anyOf" | "oneOf" => self.all(value, inside),
                "type" | "enum" | "required" | "minimum" | "maximum" | "minItems" | "maxItems" | "minLength"
                | "maxLength" | "pattern" | "minProperties" | "maxProperties" | "uniqueItems" => value.clone(),
                _ => continue,
            };
            out.insert(key.clone(), plain);
        }
        if self.strict && out.contains_key("properties") && !is_open(&out) {
            out.insert("additionalProperties".to_owned(), json!(false));
        }
        let nullable = object.get("nullable") == Some(&json!(true));
        if nullable { json!({ "anyOf": [{ "type": "null" }, out] }) } else { Value::Object(out) }
    }

    fn each(&self, properties: &Value, inside: &mut Vec<String>) -> Value {
        let properties = properties.as_object().into_iter().flatten();
        Value::Object(properties.map(|(name, schema)| (name.clone(), self.of(schema, inside))).collect())
    }

    fn all(&self, schemas: &Value, inside: &mut Vec<String>) -> Value {
        schemas.as_array().into_iter().flatten().map(|schema| self.of(schema, inside)).collect()
    }
}

/// Whether the properties of an object are described elsewhere too.
fn is_open(schema: &Map<String, Value>) -> bool {
    ["additionalProperties", "allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key))
}
