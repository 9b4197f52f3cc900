//! The vault's gas on its WASM does not depend on how many loans there are: with 1, 100 and 10,000 of them every call costs the same to
//! within one per cent, and a deposit no more than the production vault's, whatever state the books are in. Programs are not cached, the
//! dearer case.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::Vault,
    hands::{n, wad},
    vault::{in_each, Stage, State},
};

/// What a deposit costs in production.
const DEPOSIT_IN_PRODUCTION: u64 = 112_596;
/// What a request costs there.
const REQUEST_IN_PRODUCTION: u64 = 238_256;

/// Gas of `call`, which changes nothing in the end.
fn gas<C: SolCall>(stage: &mut Stage, who: Address, call: &C) -> u64 {
    let vault = stage.vault;
    stage.scene(|stage| stage.gas(who, vault, call))
}

/// Every call that looks at the loan book or moves it, by name.
fn costs(stage: &mut Stage) -> Vec<(&'static str, u64)> {
    let (who, filo) = (stage.people[0], stage.town.suite.filo);
    let (zero, one) = (U256::ZERO, U256::ONE);
    let deposit = Vault::deposit_0Call {
        assets: wad(10),
        receiver: who,
    };
    let mint = Vault::mint_0Call {
        shares: wad(10),
        receiver: who,
    };
    let request = Vault::requestRedeemCall {
        shares: wad(10),
        controller: who,
        owner: who,
    };
    let draw = Vault::drawLoanCall {
        principal: wad(1),
        rate: one,
        receiver: who,
    };
    // Of the loan that every stage has.
    let mark = Vault::markLoanCall {
        accrual: one,
        oldRate: one,
        newRate: zero,
        oldImpairment: zero,
        newImpairment: n(7),
    };
    let write_off = Vault::writeOffCall {
        principal: n(7),
        impairment: zero,
    };
    vec![
        ("deposit", gas(stage, who, &deposit)),
        ("mint", gas(stage, who, &mint)),
        ("requestRedeem", gas(stage, who, &request)),
        ("drawLoan", gas(stage, filo, &draw)),
        ("markLoan", gas(stage, filo, &mark)),
        ("writeOff", gas(stage, filo, &write_off)),
        ("totalAssets", gas(stage, who, &Vault::totalAssetsCall {})),
        ("redemptionSharePrice", gas(stage, who, &Vault::redemptionSharePriceCall {})),
        ("settlementTerms", gas(stage, who, &Vault::settlementTermsCall {})),
    ]
}

#[test]
fn gas_is_the_same_whatever_the_number_of_loans() {
    in_each(&[State::Par], 401, |stage, _| {
        let (filo, vault) = (stage.town.suite.filo, stage.vault);
        let mut loans = 0;
        let mut tables = Vec::new();
        for wanted in [1, 100, 10_000] {
            while loans < wanted {
                let draw = Vault::drawLoanCall {
                    principal: wad(10) + U256::from(loans),
                    rate: n(1) << 60,
                    receiver: filo,
                };
                stage.town.does(filo, vault, &draw);
                loans += 1;
            }
            stage.advance(3_600);
            tables.push((wanted, costs(stage)));
        }
        let first = tables[0].1.clone();
        for (loans, table) in &tables {
            println!("{loans} loans: {table:?}");
            for ((name, gas), (_, of_one)) in table.iter().zip(&first) {
                assert!(
                    gas.abs_diff(*of_one) * 100 <= *of_one,
                    "{name} with {loans} loans: {gas}, with one {of_one}"
                );
            }
        }
    });
}

#[test]
fn entering_and_asking_to_leave_cost_no_more_than_in_production() {
    in_each(&State::HELD, 402, |stage, state| {
        let [who, other, ..] = stage.people;
        // The first request ever pays for the lane's words, once; here somebody waits already.
        stage.request(other, wad(1));
        let deposit = Vault::deposit_0Call {
            assets: wad(10),
            receiver: who,
        };
        let request = Vault::requestRedeemCall {
            shares: wad(10),
            controller: who,
            owner: who,
        };
        let (entry, exit) = (gas(stage, who, &deposit), gas(stage, who, &request));
        println!("{state:?}: deposit {entry}, requestRedeem {exit}");
        assert!(entry <= DEPOSIT_IN_PRODUCTION, "deposit in {state:?}: {entry}");
        assert!(exit <= REQUEST_IN_PRODUCTION, "requestRedeem in {state:?}: {exit}");
    });
}
