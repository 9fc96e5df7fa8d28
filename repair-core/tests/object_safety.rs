//! Every open trait can be boxed, and what is boxed can be sent to another thread.

use repair_core::{
    Analyzer, FactProvider, FixGenerator, Guard, Loader, LogParser, Observer, OutputReader, Repairer, Snapshot,
    Validator,
};

fn shared<T: ?Sized + Send + Sync>() {}

#[test]
fn the_open_traits_are_object_safe_and_shared_between_threads() {
    shared::<dyn Analyzer>();
    shared::<dyn FactProvider>();
    shared::<dyn FixGenerator>();
    shared::<dyn Guard>();
    shared::<dyn Loader>();
    shared::<dyn LogParser>();
    shared::<dyn Observer>();
    shared::<dyn OutputReader>();
    shared::<dyn Validator>();
    shared::<Snapshot>();
    shared::<Repairer>();
}
