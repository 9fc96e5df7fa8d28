//! Data derived from immutable data, computed once.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Cell = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

/// One value per type, computed at the first request.
#[derive(Default)]
pub(crate) struct Memo(Mutex<BTreeMap<TypeId, Cell>>);

impl Memo {
    /// The value of type `T`; `make` runs once, however many threads ask.
    pub(crate) fn get<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let cell =
            Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(TypeId::of::<T>()).or_default());
        let mut make = Some(make);
        let value = cell.get_or_init(|| match make.take() {
            Some(make) => Arc::new(make()),
            None => unreachable!("a cell is filled at most once"),
        });
        match Arc::clone(value).downcast() {
            Ok(value) => value,
            Err(_) => unreachable!("the cell of a type holds that type"),
        }
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}
