//! Every function of the interface, as a caller sees it: what alloy encodes goes in, what comes out alloy decodes.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolCall, SolError};
use fixed_point::WAD;
use motsu::prelude::*;
use stylus_sdk::{abi::Router, ArbResult};

use crate::{
    amount::Small,
    shell::tests::{number, set_clock, usd, World, START},
    FiloStacks,
};

sol! {
    /// What integrators compile against, written down on its own.
    interface IFilo {
        function wire() external;
        function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
        function openStack(
            uint256 firstLossBps,
            uint256 maxLtvBps,
            uint256 marginTriggerBps,
            uint256 seniorCap,
            uint256 servicingFeeBps,
            uint256 juniorSpreadBps,
            bytes32 hardwareClass
        ) external returns (uint256 stack);
        function depositJunior(uint256 stack, uint256 assets) external;
        function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
        function originate(
            uint256 replaces,
            address borrower,
            address receiver,
            uint256 stack,
            uint256[] receipts,
            bytes32 hardwareClass,
            uint256 principal,
            uint256 rate,
            uint256 periods,
            bool levelPayment,
            uint256 graceSeconds,
            uint256 lateFeeBps,
            uint256 instalment
        ) external returns (uint256 loan);
        function addReceipts(uint256 loan, uint256[] receipts, address owner) external;
        function setLimit(uint256 kind, bytes32 subject, uint256 limit) external;
        function exposure(uint256 kind, bytes32 subject) external view returns (uint256 exposure, uint256 limit);
        function pay(uint256 loan, uint256 maxAmount) external returns (uint256 paid);
        function stack(uint256 stack) external view returns (
            address curator,
            uint256 firstLossBps,
            uint256 maxLtvBps,
            uint256 servicingFeeBps,
            uint256 juniorSpreadBps,
            uint256 seniorCap,
            uint256 senior,
            uint256 juniorCash,
            uint256 juniorLent,
            uint256 liveLoans,
            bytes32 hardwareClass
        );
        function loan(uint256 loan) external view returns (
            uint256 status,
            address borrower,
            uint256 stack,
            uint256 principal,
            uint256 outstanding,
            uint256 senior,
            uint256 rate,
            uint256 periods,
            uint256 periodsPaid,
            uint256 nextDue,
            uint256 drawnAt,
            uint256 instalment,
            bool levelPayment
        );
        function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal, uint256 lateFee);
        function payoff(uint256 loan, uint256 at) external view returns (uint256 amount);
        function schedule(uint256 loan, uint256 number) external view returns (
            uint256 due,
            uint256 interest,
            uint256 principal,
            uint256 outstanding
        );
        function receiptsOf(uint256 loan) external view returns (uint256[] receipts);
        function juniorCash(uint256 stack) external view returns (uint256);
        function reserve() external view returns (uint256);
        function parameters() external view returns (uint256 periodSeconds, uint256 protocolFeeBps, uint256 reserveBps);
    }
}

/// Calls as `who` through the router.
fn call<F: SolCall>(world: &World, who: Address, arguments: &F) -> Result<F::Return, Vec<u8>> {
    let data = arguments.abi_encode();
    let selector = u32::from_be_bytes([data[0], data[1], data[2], data[3]]);
    let mut filo = world.filo.sender(who);
    let answer = FiloStacks::route(&mut *filo, selector, &data[4..])
        .expect("the function is there")
        .motsu_res()?;
    Ok(F::abi_decode_returns(&answer, true).expect("the answer decodes"))
}

#[motsu::test]
fn a_loans_life_through_the_abi() {
    let world = World::new();
    let (curator, borrower, admin) = (world.curator, world.borrower, world.admin);
    let class = B256::ZERO;
    call(&world, borrower, &IFilo::wireCall {}).unwrap();
    let fees = IFilo::setFeesCall {
        protocolFeeBps: number(250),
        reserveBps: number(150),
    };
    call(&world, admin, &fees).unwrap();
    let parameters = call(&world, admin, &IFilo::parametersCall {}).unwrap();
    assert_eq!(parameters.periodSeconds, number(30 * 86_400));
    assert_eq!((parameters.protocolFeeBps, parameters.reserveBps), (number(250), number(150)));

    let open = IFilo::openStackCall {
        firstLossBps: number(1_500),
        maxLtvBps: number(6_500),
        marginTriggerBps: number(8_000),
        seniorCap: usd(800_000),
        servicingFeeBps: number(310),
        juniorSpreadBps: number(520),
        hardwareClass: class,
    };
    let stack = call(&world, curator, &open).unwrap().stack;
    let assets = usd(90_000);
    call(&world, curator, &IFilo::depositJuniorCall { stack, assets }).unwrap();
    let assets = usd(1_000);
    let receiver = curator;
    call(&world, curator, &IFilo::withdrawJuniorCall { stack, assets, receiver }).unwrap();
    assert_eq!(call(&world, admin, &IFilo::juniorCashCall { stack }).unwrap()._0, usd(89_000));

    let receipts = vec![world.receipt("a", 300_000), world.receipt("b", 400_000)];
    let (kind, subject) = (number(1), curator.into_word());
    let limit = usd(500_000);
    call(&world, admin, &IFilo::setLimitCall { kind, subject, limit }).unwrap();
    let origination = world.origination();
    let terms = crate::terms::Terms {
        principal: crate::amount::Amount::from_word(usd(400_000)).unwrap(),
        periods: 24,
        ..Default::default()
    };
    let originate = IFilo::originateCall {
        replaces: U256::ZERO,
        borrower,
        receiver: borrower,
        stack,
        receipts: receipts[..1].to_vec(),
        hardwareClass: class,
        principal: usd(400_000),
        rate: WAD / number(10),
        periods: number(24),
        levelPayment: false,
        graceSeconds: number(5),
        lateFeeBps: number(6),
        instalment: terms.instalment(1).unwrap().word(),
    };
    let both = IFilo::originateCall {
        receipts: receipts.clone(),
        ..originate.clone()
    };
    let worth_too_little = call(&world, origination, &originate).map(|_| ()).unwrap_err();
    assert_eq!(worth_too_little[..4], crate::errors::LtvExceeded::SELECTOR);
    let loan = call(&world, origination, &both).unwrap().loan;
    let further = vec![world.receipt("c", 1)];
    let add = IFilo::addReceiptsCall {
        loan,
        receipts: further.clone(),
        owner: borrower,
    };
    call(&world, origination, &add).unwrap();
    assert_eq!(
        call(&world, admin, &IFilo::receiptsOfCall { loan }).unwrap().receipts,
        [receipts, further].concat()
    );
    let exposure = call(&world, admin, &IFilo::exposureCall { kind, subject }).unwrap();
    assert_eq!((exposure.exposure, exposure.limit), (usd(400_000), limit));

    let month = 30 * 86_400;
    set_clock(START + month);
    let due = call(&world, admin, &IFilo::instalmentCall { loan }).unwrap();
    let plan = call(&world, admin, &IFilo::scheduleCall { loan, number: number(1) }).unwrap();
    assert_eq!(due.due, number(START + month));
    assert_eq!((due.due, due.interest, due.principal), (plan.due, plan.interest, plan.principal));
    assert_eq!(plan.principal + plan.outstanding, usd(400_000));
    let pay = IFilo::payCall {
        loan,
        maxAmount: due.interest + due.principal,
    };
    assert_eq!(call(&world, borrower, &pay).unwrap().paid, due.interest + due.principal);

    let state = call(&world, admin, &IFilo::loanCall { loan }).unwrap();
    assert_eq!((state.status, state.borrower, state.stack), (number(1), borrower, stack));
    assert_eq!((state.principal, state.outstanding), (usd(400_000), plan.outstanding));
    // 60,000 of 400,000 are the stack's; its part of what was paid back is rounded down.
    let senior = plan.outstanding - (usd(60_000) - plan.principal * usd(60_000) / usd(400_000));
    assert_eq!(state.senior, senior);
    assert_eq!(
        (state.rate, state.periods, state.periodsPaid),
        (WAD / number(10), number(24), number(1))
    );
    assert_eq!((state.nextDue, state.drawnAt), (number(START + 2 * month), number(START)));
    assert_eq!((state.instalment, state.levelPayment), (plan.principal, false));

    let state = call(&world, admin, &IFilo::stackCall { stack }).unwrap();
    assert_eq!((state.curator, state.hardwareClass), (curator, class));
    assert_eq!((state.firstLossBps, state.maxLtvBps), (number(1_500), number(6_500)));
    assert_eq!((state.servicingFeeBps, state.juniorSpreadBps), (number(310), number(520)));
    assert_eq!((state.seniorCap, state.senior), (usd(800_000), senior));
    assert_eq!((state.juniorLent, state.liveLoans), (plan.outstanding - senior, number(1)));
    assert_eq!(state.juniorCash, call(&world, admin, &IFilo::juniorCashCall { stack }).unwrap()._0);
    // 1.5 % of the interest.
    let reserve = call(&world, admin, &IFilo::reserveCall {}).unwrap()._0;
    assert_eq!(reserve, due.interest * number(150) / number(10_000));
    let at = number(START + month + 1);
    let payoff = call(&world, admin, &IFilo::payoffCall { loan, at }).unwrap().amount;
    assert!(payoff > plan.outstanding && payoff < plan.outstanding + usd(1));
}

#[motsu::test]
fn refusals_come_back_encoded() {
    let world = World::new();
    let loan = number(3);
    let refused = call(&world, world.admin, &IFilo::loanCall { loan }).map(|_| ()).unwrap_err();
    assert_eq!(refused, SolError::abi_encode(&crate::errors::UnknownLoan { loan }));
}

#[motsu::test]
fn what_does_not_decode_reverts_with_nothing() {
    let world = World::new();
    let route = |selector: [u8; 4], data: &[u8]| {
        let mut filo = world.filo.sender(world.admin);
        FiloStacks::route(&mut *filo, u32::from_be_bytes(selector), data)
    };
    assert_eq!(route([1, 2, 3, 4], &[]), None);
    let short = [0; 63];
    assert_eq!(route(IFilo::payCall::SELECTOR, &short), Some(Err(Vec::new())));
    // A dirty address, a dirty truth value, a list that is not there.
    assert_eq!(route(IFilo::withdrawJuniorCall::SELECTOR, &[0xff; 96]), Some(Err(Vec::new())));
    assert_eq!(route(IFilo::originateCall::SELECTOR, &[0xff; 13 * 32]), Some(Err(Vec::new())));
}

#[motsu::test]
fn the_constructor_decodes_and_runs_once(filo: Contract<FiloStacks>, alice: Address) {
    let construct = |data: &[u8]| FiloStacks::constructor_of(&mut filo.sender(alice), data);
    let mut data = [0; 64];
    data[31] = 9;
    data[63] = 60;
    assert_eq!(construct(&data[..63]), Err(Vec::new()));
    construct(&data).unwrap();
    assert_eq!(filo.sender(alice).parameters(), (Small(60), Small(0), Small(0)));
    assert_eq!(construct(&data), Err(Vec::new()));
    assert_eq!(filo.sender(alice).reserve().word(), U256::ZERO);
}

impl FiloStacks {
    /// The router's constructor, undone if it refuses.
    fn constructor_of(filo: &mut Self, data: &[u8]) -> ArbResult {
        <Self as Router<Self>>::constructor(filo, data).expect("there is one").motsu_res()
    }
}
