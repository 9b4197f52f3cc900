//! Empty.
#![allow(clippy::unwrap_used)]
mod common;
use common::{program, run};
use stylus_wasm::RunStatus;

#[test]
fn a_program_runs() {
    let program = program(&["read_args", "write_result"], "(call $read_args (i32.const 0)) (call $write_result (i32.const 0) (local.get $len)) i32.const 0");
    let outcome = run(&program, b"hello");
    assert_eq!(outcome.status, RunStatus::Success);
    assert_eq!(outcome.output.as_ref(), b"hello");
    println!("{:?} {:?}", outcome, program.info());
}
