;; A program that does one thing, chosen by the first byte of its calldata. Each operation is described where it is.
(module
  (import "vm_hooks" "read_args" (func $read_args (param i32)))
  (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
  (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
  (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
  (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
  (import "vm_hooks" "transient_load_bytes32" (func $tload (param i32 i32)))
  (import "vm_hooks" "transient_store_bytes32" (func $tstore (param i32 i32)))
  (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
  (import "vm_hooks" "delegate_call_contract" (func $delegate (param i32 i32 i32 i64 i32) (result i32)))
  (import "vm_hooks" "static_call_contract" (func $static (param i32 i32 i32 i64 i32) (result i32)))
  (import "vm_hooks" "create1" (func $create1 (param i32 i32 i32 i32 i32)))
  (import "vm_hooks" "create2" (func $create2 (param i32 i32 i32 i32 i32 i32)))
  (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
  (import "vm_hooks" "emit_log" (func $emit_log (param i32 i32 i32)))
  (import "vm_hooks" "msg_reentrant" (func $reentrant (result i32)))
  (import "vm_hooks" "msg_sender" (func $sender (param i32)))
  (import "vm_hooks" "msg_value" (func $value (param i32)))
  (import "vm_hooks" "contract_address" (func $contract (param i32)))
  (import "vm_hooks" "block_timestamp" (func $timestamp (result i64)))
  (import "vm_hooks" "block_number" (func $number (result i64)))
  (import "vm_hooks" "pay_for_memory_grow" (func $pay_for_memory_grow (param i32)))

  ;; Calldata from 0, scratch from 16,384, return data from 32,768.
  (memory (export "memory") 1)

  ;; The callee's return data: offset 32,768.
  (func $return_data (param $length i32)
    (drop (call $read_return_data (i32.const 32768) (i32.const 0) (local.get $length)))
    (call $write_result (i32.const 32768) (local.get $length)))

  ;; Byte 1: 0 call, 1 delegate call, 2 static call; bytes 2 to 21: callee; bytes 22 to 53: value; the rest: its calldata.
  (func $relay (param $length i32) (result i32)
    (local $data_length i32)
    (local.set $data_length (i32.sub (local.get $length) (i32.const 54)))
    (if (i32.eqz (i32.load8_u (i32.const 1)))
      (then (return (call $call (i32.const 2) (i32.const 54) (local.get $data_length) (i32.const 22) (i64.const -1) (i32.const 16384)))))
    (if (i32.eq (i32.load8_u (i32.const 1)) (i32.const 1))
      (then (return (call $delegate (i32.const 2) (i32.const 54) (local.get $data_length) (i64.const -1) (i32.const 16384)))))
    (call $static (i32.const 2) (i32.const 54) (local.get $data_length) (i64.const -1) (i32.const 16384)))

  (func (export "user_entrypoint") (param $length i32) (result i32)
    (local $op i32) (local $status i32)
    (call $read_args (i32.const 0))
    (local.set $op (i32.load8_u (i32.const 0)))

    ;; 0: the word of storage at bytes 1 to 32
    (if (i32.eqz (local.get $op)) (then
      (call $load (i32.const 1) (i32.const 16384))
      (call $write_result (i32.const 16384) (i32.const 32))
      (return (i32.const 0))))

    ;; 1: stores bytes 33 to 64 at bytes 1 to 32
    (if (i32.eq (local.get $op) (i32.const 1)) (then
      (call $cache (i32.const 1) (i32.const 33))
      (call $flush (i32.const 0))
      (return (i32.const 0))))

    ;; 2: relays; returns or reverts with what the callee returned
    (if (i32.eq (local.get $op) (i32.const 2)) (then
      (local.set $status (call $relay (local.get $length)))
      (call $return_data (i32.load (i32.const 16384)))
      (return (local.get $status))))

    ;; 3: relays; succeeds in any case, with the status as first byte of what the callee returned
    (if (i32.eq (local.get $op) (i32.const 3)) (then
      (i32.store8 (i32.const 32767) (call $relay (local.get $length)))
      (drop (call $read_return_data (i32.const 32768) (i32.const 0) (i32.load (i32.const 16384))))
      (call $write_result (i32.const 32767) (i32.add (i32.load (i32.const 16384)) (i32.const 1)))
      (return (i32.const 0))))

    ;; 4: stores as 1, then reverts with bytes 33 to 64
    (if (i32.eq (local.get $op) (i32.const 4)) (then
      (call $cache (i32.const 1) (i32.const 33))
      (call $flush (i32.const 1))
      (call $write_result (i32.const 33) (i32.const 32))
      (return (i32.const 1))))

    ;; 5: emits bytes 33 on under the topic of bytes 1 to 32
    (if (i32.eq (local.get $op) (i32.const 5)) (then
      (call $emit_log (i32.const 1) (i32.sub (local.get $length) (i32.const 1)) (i32.const 1))
      (return (i32.const 0))))

    ;; 6: msg_reentrant as a byte
    (if (i32.eq (local.get $op) (i32.const 6)) (then
      (i32.store8 (i32.const 16384) (call $reentrant))
      (call $write_result (i32.const 16384) (i32.const 1))
      (return (i32.const 0))))

    ;; 7 and 8: as 1 and 0, in transient storage
    (if (i32.eq (local.get $op) (i32.const 7)) (then
      (call $tstore (i32.const 1) (i32.const 33))
      (return (i32.const 0))))
    (if (i32.eq (local.get $op) (i32.const 8)) (then
      (call $tload (i32.const 1) (i32.const 16384))
      (call $write_result (i32.const 16384) (i32.const 32))
      (return (i32.const 0))))

    ;; 9: contract, sender, value: 20, 20 and 32 bytes; then timestamp and block number, little-endian
    (if (i32.eq (local.get $op) (i32.const 9)) (then
      (call $contract (i32.const 16384))
      (call $sender (i32.const 16404))
      (call $value (i32.const 16424))
      (i64.store (i32.const 16456) (call $timestamp))
      (i64.store (i32.const 16464) (call $number))
      (call $write_result (i32.const 16384) (i32.const 88))
      (return (i32.const 0))))

    ;; 10: creates a contract from bytes 1 on; returns its address
    (if (i32.eq (local.get $op) (i32.const 10)) (then
      (call $create1 (i32.const 1) (i32.sub (local.get $length) (i32.const 1)) (i32.const 20000) (i32.const 16384) (i32.const 16404))
      (call $write_result (i32.const 16384) (i32.const 20))
      (return (i32.const 0))))

    ;; 11: likewise from bytes 33 on with the salt of bytes 1 to 32
    (if (i32.eq (local.get $op) (i32.const 11)) (then
      (call $create2 (i32.const 33) (i32.sub (local.get $length) (i32.const 33)) (i32.const 20000) (i32.const 1) (i32.const 16384) (i32.const 16404))
      (call $write_result (i32.const 16384) (i32.const 20))
      (return (i32.const 0))))

    ;; 12: grows memory by as many pages as byte 1 says; activation makes the instruction pay
    (if (i32.eq (local.get $op) (i32.const 12)) (then
      (drop (memory.grow (i32.load8_u (i32.const 1))))
      (return (i32.const 0))))

    ;; 13: traps
    (if (i32.eq (local.get $op) (i32.const 13)) (then (unreachable)))

    ;; 14: never ends
    (if (i32.eq (local.get $op) (i32.const 14)) (then (loop $again (br $again))))

    ;; 15: stores as 22 to 53 at key 0 in the cache, relays without flushing, then flushes; returns the callee's data
    (if (i32.eq (local.get $op) (i32.const 15)) (then
      (call $cache (i32.const 20000) (i32.const 22))
      (drop (call $static (i32.const 2) (i32.const 54) (i32.sub (local.get $length) (i32.const 54)) (i64.const -1) (i32.const 16384)))
      (call $return_data (i32.load (i32.const 16384)))
      (call $flush (i32.const 1))
      (return (i32.const 0))))

    ;; any other: nothing
    (i32.const 0))
)
