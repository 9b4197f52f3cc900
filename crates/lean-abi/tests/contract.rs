//! A contract with one of everything, called through its router, by another contract, and described.
#![allow(
    clippy::unwrap_used,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    missing_docs,
    reason = "tests"
)]
#[macro_use]
extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol_data, SolCall, SolError, SolEvent, SolType};
use lean_abi::{
    describe::{Described, Mutability},
    emit, encode, interface, sol, AbiType, Refusal, SolidityError, SolidityEvent,
};
use motsu::prelude::*;
use stylus_sdk::{
    abi::{Bytes, Router, CONSTRUCTOR_SELECTOR},
    prelude::*,
    storage::{StorageAddress, StorageU256},
    testing::TestVM,
};

sol! {
    /// Nothing was put in.
    #[derive(Debug, PartialEq, Eq)]
    error Nothing(address who, string why, uint256[] list);
    /// It holds no more.
    #[derive(Debug, PartialEq, Eq)]
    error Full();
    /// `who` put `amount` in.
    #[derive(Debug, PartialEq, Eq)]
    event Put(address indexed who, uint64 indexed tag, uint256 amount, string memo);
}

sol! {
    function put(uint256 amount) external;
    function putWithMemo(uint256 amount, string memo, bytes data) external;
    function get() external view returns (uint256, string);
    function settle((address,uint256)[] orders) external returns (uint256);
}

lean_abi::errors! {
    /// Why the box refuses.
    pub BoxError: Nothing, Full
}

/// What a maker offers.
#[derive(AbiType)]
pub struct Order {
    /// Who offers.
    pub maker: Address,
    pub amount: U256,
}

interface! {
    /// What others see of the box.
    interface IBox {
        /// What is in the box.
        function total() external view returns (uint256);
        function put(uint256 amount) external;
        function get() external view returns (uint256 total, string label);
        function put(uint256 amount, string memo, bytes data) external;
        function settle(Order[] orders) external returns (uint256);
        function pay() external payable returns (uint256);
    }

    /// A lid.
    interface ILid {
        /// Whether it is open.
        function isOpen() external view returns (bool);
        function open(Order[] orders, bytes data) external returns (uint256 amount);
    }
}

/// A box of numbers.
#[storage]
pub struct Counter {
    total: StorageU256,
    owner: StorageAddress,
}

unsafe impl TopLevelStorage for Counter {}

/// A box that counts what is put in.
#[lean_abi::contract(errors(BoxError), events(Put), interfaces(IBox), implements(ILid))]
impl Counter {
    #[constructor]
    pub fn constructor(&mut self, owner: Address) -> Result<(), Vec<u8>> {
        if owner.is_zero() {
            return Err(vec![1]);
        }
        self.owner.set(owner);
        Ok(())
    }

    /// Puts `amount` in, which is not zero.
    ///
    /// # Errors
    /// [`Nothing`].
    pub fn put(&mut self, amount: U256) -> Result<(), BoxError> {
        let who = self.vm().msg_sender();
        if amount.is_zero() {
            return Err(BoxError::from(Nothing {
                who,
                why: "zero".into(),
                list: vec![U256::from(1)],
            }));
        }
        self.total.set(self.total.get() + amount);
        Put {
            who,
            tag: 9,
            amount,
            memo: "put".into(),
        }
        .emit(self.vm());
        Ok(())
    }

    #[selector(name = "put")]
    pub fn put_with_memo(&mut self, amount: U256, _memo: String, data: Bytes) -> Result<(), BoxError> {
        self.put(amount + U256::from(data.len()))
    }

    pub fn total(&self) -> U256 {
        self.total.get()
    }

    #[returns(total, label)]
    pub fn get(&self) -> (U256, &'static str) {
        (self.total.get(), "box")
    }

    pub fn settle(&mut self, orders: Vec<Order>) -> U256 {
        orders.iter().fold(U256::ZERO, |sum, order| sum + order.amount)
    }

    #[payable]
    pub fn pay(&mut self) -> U256 {
        self.vm().msg_value()
    }

    pub fn twice(number: u8) -> u16 {
        2 * u16::from(number)
    }

    #[cfg(any())]
    pub fn absent(&self, nothing: Missing) {}
}

impl ILidCallee for Counter {
    type Error = BoxError;

    fn is_open(&self) -> Result<bool, BoxError> {
        Ok(self.total.get().is_zero())
    }

    fn open(&mut self, orders: Vec<Order>, data: Vec<u8>) -> Result<U256, BoxError> {
        if data.is_empty() {
            return Err(Full {}.into());
        }
        Ok(self.settle(orders) + U256::from(data.len()))
    }
}

#[storage]
pub struct User {
    target: StorageAddress,
}

unsafe impl TopLevelStorage for User {}

#[lean_abi::contract]
impl User {
    pub fn set(&mut self, target: Address) {
        self.target.set(target);
    }

    pub fn forward(&mut self, amount: U256) -> Result<(U256, String), Vec<u8>> {
        let target = IBox::new(self.target.get());
        target.put_3(self, amount, "memo".into(), vec![1, 2, 3])?;
        let orders = vec![Order {
            maker: Address::ZERO,
            amount,
        }];
        assert_eq!(target.settle(self, orders)?, amount);
        target.get(self)
    }

    pub fn lift(&mut self, data: Bytes) -> Result<(bool, U256), Vec<u8>> {
        let lid = ILid::new(self.target.get());
        Ok((lid.is_open(self)?, lid.open(self, vec![], data.0)?))
    }

    pub fn forward_plain(&mut self, amount: U256) -> Result<(), Vec<u8>> {
        IBox::new(self.target.get()).put(self, amount)
    }
}

type Call = Option<Result<Vec<u8>, Vec<u8>>>;

fn send(counter: &mut Counter, call: &[u8]) -> Call {
    let selector = u32::from_be_bytes(call[..4].try_into().unwrap());
    Counter::route(counter, selector, &call[4..])
}

#[test]
fn routes_what_alloy_encodes() {
    let vm = TestVM::default();
    let mut counter = Counter::from(&vm);
    let amount = U256::from(5);
    assert_eq!(send(&mut counter, &putCall { amount }.abi_encode()), Some(Ok(vec![])));
    let overload = putWithMemoCall {
        amount,
        memo: "m".into(),
        data: vec![0; 40].into(),
    };
    let mut call = alloy_primitives::keccak256("put(uint256,string,bytes)")[..4].to_vec();
    call.extend(&overload.abi_encode()[4..]);
    assert_eq!(send(&mut counter, &call), Some(Ok(vec![])));
    let got = send(&mut counter, &getCall {}.abi_encode()).unwrap().unwrap();
    let got = getCall::abi_decode_returns(&got, true).unwrap();
    assert_eq!((got._0, got._1.as_str()), (U256::from(50), "box"));
    let settle = settleCall {
        orders: vec![(Address::ZERO, amount), (Address::ZERO, amount)],
    };
    let sum = send(&mut counter, &settle.abi_encode()).unwrap().unwrap();
    assert_eq!(sum, sol_data::Uint::<256>::abi_encode(&U256::from(10)));
    let twice = [
        &lean_abi::selector("twice", &[lean_abi::Name::new("uint8")]).to_be_bytes()[..],
        &[0; 31],
        &[200],
    ]
    .concat();
    assert_eq!(send(&mut counter, &twice), Some(Ok(sol_data::Uint::<16>::abi_encode(&400_u16))));
    assert_eq!(send(&mut counter, &[1, 2, 3, 4]), None);

    let (topics, data) = vm.get_emitted_logs()[0].clone();
    let put = Put {
        who: vm.msg_sender(),
        tag: 9,
        amount,
        memo: "put".into(),
    };
    assert_eq!(data, put.encode_data());
    assert_eq!(topics, put.encode_topics().iter().map(|topic| topic.0).collect::<Vec<B256>>());
}

#[test]
fn refuses_with_no_data_what_does_not_decode_and_value() {
    let vm = TestVM::default();
    let mut counter = Counter::from(&vm);
    let call = putCall { amount: U256::from(5) }.abi_encode();
    for malformed in [&call[..call.len() - 1], &call[..4]] {
        assert_eq!(send(&mut counter, malformed), Some(Err(vec![])));
    }
    let refusal = Nothing {
        who: vm.msg_sender(),
        why: "zero".into(),
        list: vec![U256::from(1)],
    };
    assert_eq!(Nothing::SELECTOR, <Nothing as SolidityError>::ERROR_SELECTOR.to_be_bytes());
    assert_eq!(
        send(&mut counter, &putCall { amount: U256::ZERO }.abi_encode()),
        Some(Err(refusal.abi_encode()))
    );
    vm.set_value(U256::from(1));
    assert_eq!(send(&mut counter, &call), Some(Err(vec![])));
    let pay = lean_abi::selector("pay", &[]).to_be_bytes();
    assert_eq!(
        send(&mut counter, &pay),
        Some(Ok(sol_data::Uint::<256>::abi_encode(&U256::from(1))))
    );
    assert_eq!(counter.total(), U256::ZERO);
}

#[test]
fn constructs_once() {
    assert_eq!(CONSTRUCTOR_SELECTOR, 0x5585_258d);
    let vm = TestVM::default();
    let mut counter = Counter::from(&vm);
    let owner = Address::repeat_byte(7);
    let construct = |counter: &mut Counter, data: &[u8]| <Counter as Router<Counter>>::constructor(counter, data);
    vm.set_value(U256::from(1));
    assert_eq!(construct(&mut counter, owner.into_word().as_slice()), Some(Err(vec![])));
    vm.set_value(U256::ZERO);
    assert_eq!(construct(&mut counter, owner.into_word().as_slice()), Some(Ok(vec![])));
    assert_eq!(counter.owner.get(), owner);
    assert_eq!(construct(&mut counter, owner.into_word().as_slice()), Some(Err(vec![])));
    // The SDK's flag, where its deployer's tools look for it.
    assert!(!vm.get_storage(stylus_sdk::abi::internal::CONSTRUCTOR_EXECUTED_SLOT).is_zero());
}

#[motsu::test]
fn calls_through_an_interface(counter: Contract<Counter>, user: Contract<User>, alice: Address) {
    user.sender(alice).set(counter.address());
    let (total, label) = user.sender(alice).forward(U256::from(4)).motsu_unwrap();
    assert_eq!((total, label.as_str()), (U256::from(7), "box"));
    let refusal = Nothing {
        who: user.address(),
        why: "zero".into(),
        list: vec![U256::from(1)],
    };
    assert_eq!(
        user.sender(alice).forward_plain(U256::ZERO).motsu_unwrap_err(),
        refusal.abi_encode()
    );
}

#[test]
fn errors_are_their_revert_data() {
    lean_abi::sol! {
        error Elsewhere(uint256 amount);
    }
    lean_abi::errors! {
        /// Nested.
        Outer: BoxError, Elsewhere
    }
    let full = BoxError::from(Full {});
    assert!(full.is::<Full>() && !full.is::<Nothing>());
    assert_eq!(Vec::from(full.clone()), Full {}.abi_encode());
    let outer = Outer::from(full);
    assert!(outer.is::<Full>() && !outer.is::<Elsewhere>());
    assert_eq!(format!("{outer:?}"), "Full(0x)");
    let elsewhere = Outer::from(Elsewhere { amount: U256::from(7) });
    assert_eq!(format!("{elsewhere:?}"), format!("Elsewhere(0x{:064x})", 7));
    assert_eq!(elsewhere.revert_data(), Elsewhere { amount: U256::from(7) }.abi_encode());
    let passed_on = Outer::from(vec![1, 2]);
    assert_eq!(
        (Vec::from(passed_on.clone()), format!("{passed_on:?}")),
        (vec![1, 2], "revert 0x0102".into())
    );
}

#[motsu::test]
fn implements_an_interface_as_a_trait(counter: Contract<Counter>, user: Contract<User>, alice: Address) {
    user.sender(alice).set(counter.address());
    let lifted = user.sender(alice).lift(vec![0; 3].into()).motsu_unwrap();
    assert_eq!(lifted, (true, U256::from(3)));
    assert_eq!(user.sender(alice).lift(vec![].into()).motsu_unwrap_err(), Full {}.abi_encode());
}

#[test]
fn a_trait_refuses_value_like_the_rest() {
    let vm = TestVM::default();
    let mut counter = Counter::from(&vm);
    let is_open = lean_abi::selector("isOpen", &[]).to_be_bytes();
    assert_eq!(send(&mut counter, &is_open), Some(Ok(encode(&true))));
    vm.set_value(U256::from(1));
    assert_eq!(send(&mut counter, &is_open), Some(Err(vec![])));
}

#[test]
fn describes_itself() {
    let interface = Counter::INTERFACE;
    let lengths: Vec<_> = interface.functions.iter().map(|list| list.len()).collect();
    assert_eq!(lengths, [7, 2]);
    assert_eq!(interface.functions[0][6].mutability, Mutability::Pure);
    let (solidity, json) = (emit::solidity(&interface, "MIT", "^0.8.23"), emit::json(&interface));
    // `WRITE=1 cargo test` takes over what has changed on purpose.
    if std::env::var_os("WRITE").is_some() {
        let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        std::fs::write(tests.join("Counter.sol"), &solidity).unwrap();
        std::fs::write(tests.join("Counter.json"), &json).unwrap();
    }
    assert_eq!(solidity, include_str!("Counter.sol"));
    assert_eq!(json, include_str!("Counter.json"));
}

/// A contract whose types another macro hands over.
macro_rules! echo {
    ($name:ident, $type:ty) => {
        #[storage]
        pub struct $name {
            pub unused: StorageU256,
        }

        unsafe impl TopLevelStorage for $name {}

        #[lean_abi::contract]
        impl $name {
            pub fn echo(&self, value: $type) -> $type {
                value
            }
        }
    };
}
echo!(Echo, U256);

#[test]
fn a_macro_may_make_a_contract() {
    let mut echo = Echo::from(&TestVM::default());
    let selector = lean_abi::selector("echo", &[lean_abi::Name::new("uint256")]);
    let seven = encode(&U256::from(7));
    assert_eq!(Echo::route(&mut echo, selector, &seven), Some(Ok(seven.clone())));
}
