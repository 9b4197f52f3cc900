//! The plan of instalments against annuities in integers of as many digits as they take.

use crate::{
    amount::Amount,
    terms::{
        tests::{reference, terms, MONTH},
        Terms,
    },
};
use fixed_point::{WAD, YEAR};
use num_bigint::BigInt;
use proptest::prelude::*;

/// Interest, principal, and what is left, of the reference loan's payments: 416,500 at 15 % over 36 periods of 30 days. Worked out outside of this
/// project, in fractions, from what a payment is: 416,500 × r ÷ (1 − (1 + r)^−36) with r = 0.15 × 30 ÷ 365 is 14,396.234592465982122997531…,
/// rounded up, and a wei.
const REFERENCE: [(u128, u128, u128); 36] = [
    (
        5_134_931_506_849_315_068_494,
        9_261_303_085_616_667_054_505,
        407_238_696_914_383_332_945_495,
    ),
    (
        5_020_751_057_848_561_639_055,
        9_375_483_534_617_420_483_944,
        397_863_213_379_765_912_461_551,
    ),
    (
        4_905_162_904_682_045_496_102,
        9_491_071_687_783_936_626_897,
        388_372_141_691_981_975_834_654,
    ),
    (
        4_788_149_692_092_928_469_195,
        9_608_084_900_373_053_653_804,
        378_764_056_791_608_922_180_850,
    ),
    (
        4_669_693_850_855_452_465_244,
        9_726_540_741_610_529_657_755,
        369_037_516_049_998_392_523_095,
    ),
    (
        4_549_777_595_136_966_483_162,
        9_846_456_997_329_015_639_837,
        359_191_059_052_669_376_883_258,
    ),
    (
        4_428_382_919_827_430_673_904,
        9_967_851_672_638_551_449_095,
        349_223_207_380_030_825_434_163,
    ),
    (
        4_305_491_597_835_996_477_956,
        10_090_742_994_629_985_645_043,
        339_132_464_385_400_839_789_120,
    ),
    (
        4_181_085_177_354_256_928_907,
        10_215_149_415_111_725_194_092,
        328_917_314_970_289_114_595_028,
    ),
    (
        4_055_144_979_085_756_207_336,
        10_341_089_613_380_225_915_663,
        318_576_225_356_908_888_679_365,
    ),
    (
        3_927_652_093_441_342_463_171,
        10_468_582_499_024_639_659_828,
        308_107_642_857_884_249_019_537,
    ),
    (
        3_798_587_377_699_942_796_132,
        10_597_647_214_766_039_326_867,
        297_509_995_643_118_209_692_670,
    ),
    (
        3_667_931_453_134_334_092_102,
        10_728_303_139_331_648_030_897,
        286_781_692_503_786_561_661_773,
    ),
    (
        3_535_664_702_101_478_157_474,
        10_860_569_890_364_503_965_525,
        275_921_122_613_422_057_696_248,
    ),
    (
        3_401_767_265_096_984_272_968,
        10_994_467_327_368_997_850_031,
        264_926_655_286_053_059_846_217,
    ),
    (
        3_266_219_037_773_256_902_214,
        11_130_015_554_692_725_220_785,
        253_796_639_731_360_334_625_432,
    ),
    (
        3_128_999_667_920_880_837_848,
        11_267_234_924_545_101_285_151,
        242_529_404_806_815_233_340_281,
    ),
    (
        2_990_088_552_412_790_548_031,
        11_406_146_040_053_191_574_968,
        231_123_258_766_762_041_765_313,
    ),
    (
        2_849_464_834_110_764_898_477,
        11_546_769_758_355_217_224_522,
        219_576_489_008_406_824_540_791,
    ),
    (
        2_707_107_398_733_782_768_312,
        11_689_127_193_732_199_354_687,
        207_887_361_814_674_625_186_104,
    ),
    (
        2_562_994_871_687_769_351_610,
        11_833_239_720_778_212_771_389,
        196_054_122_093_896_412_414_715,
    ),
    (
        2_417_105_614_856_257_139_360,
        11_979_128_977_609_724_983_639,
        184_074_993_116_286_687_431_076,
    ),
    (
        2_269_417_723_351_479_708_055,
        12_126_816_869_114_502_414_944,
        171_948_176_247_172_185_016_132,
    ),
    (
        2_119_909_022_225_410_500_199,
        12_276_325_570_240_571_622_800,
        159_671_850_676_931_613_393_332,
    ),
    (
        1_968_557_063_140_252_767_863,
        12_427_677_529_325_729_355_136,
        147_244_173_147_605_884_038_196,
    ),
    (
        1_815_339_120_997_880_762_115,
        12_580_895_471_468_101_360_884,
        134_663_277_676_137_782_677_312,
    ),
    (
        1_660_232_190_527_726_087_803,
        12_736_002_401_938_256_035_196,
        121_927_275_274_199_526_642_116,
    ),
    (
        1_503_212_982_832_596_903_807,
        12_893_021_609_633_385_219_192,
        109_034_253_664_566_141_422_924,
    ),
    (
        1_344_257_921_891_911_332_612,
        13_051_976_670_574_070_790_387,
        95_982_276_993_992_070_632_537,
    ),
    (
        1_183_343_141_021_820_048_895,
        13_212_891_451_444_162_074_104,
        82_769_385_542_547_908_558_433,
    ),
    (
        1_020_444_479_291_686_543_872,
        13_375_790_113_174_295_579_127,
        69_393_595_429_373_612_979_306,
    ),
    (
        855_537_477_896_387_009_334,
        13_540_697_114_569_595_113_665,
        55_852_898_314_804_017_865_641,
    ),
    (
        688_597_376_483_885_151_769,
        13_707_637_215_982_096_971_230,
        42_145_261_098_821_920_894_411,
    ),
    (
        519_599_109_437_530_531_575,
        13_876_635_483_028_451_591_424,
        28_268_625_615_793_469_302_987,
    ),
    (
        348_517_302_112_522_224_284,
        14_047_717_290_353_459_898_715,
        14_220_908_325_440_009_404_272,
    ),
    (175_326_267_025_972_718_683, 14_220_908_325_440_009_404_272, 0),
];

/// All payments of a plan: interest, principal, what is left.
fn plan(terms: &Terms, period: u64) -> Vec<(u128, u128, u128)> {
    let instalment = terms.instalment(period).unwrap();
    let mut left = terms.principal;
    let payments = (1..=terms.periods).map(|number| {
        let interest = terms.period_interest(left, period).unwrap();
        let after = terms.planned_after(number, left, instalment, period).unwrap();
        let principal = left.minus(after).unwrap();
        left = after;
        (interest.0, principal.0, after.0)
    });
    payments.collect()
}

#[test]
fn the_reference_loans_36_payments() {
    let terms = reference();
    assert_eq!(terms.instalment(MONTH), Ok(Amount(14_396_234_592_465_982_122_999)));
    assert_eq!(plan(&terms, MONTH), REFERENCE);
    let interest: u128 = REFERENCE.iter().map(|(interest, _, _)| interest).sum();
    let principal: u128 = REFERENCE.iter().map(|(_, principal, _)| principal).sum();
    assert_eq!(principal, terms.principal.0);
    // 36 × 14,396.2345924… − 416,500, exactly 101,764.445328775356427911144…
    assert_eq!(interest, 101_764_445_328_775_356_427_920);
    for (interest, principal, _) in &REFERENCE[..35] {
        assert_eq!(interest + principal, 14_396_234_592_465_982_122_999);
    }
}

/// A level payment and what comes of it, each times `unit`.
struct Annuity {
    unit: BigInt,
    /// P·r ÷ (1 − (1 + r)^−n).
    payment: BigInt,
    /// All interest of n of them.
    interest: BigInt,
    /// What one wei a period more, from the first one on, comes to by the last: ((1 + r)^n − 1) ÷ r.
    grown: BigInt,
}

/// With r = a ÷ b and g = (a + b)^n: the payment is P·a·g ÷ (b·(g − b^n)), and a wei a period comes to (g − b^n) ÷ (a·b^(n−1)).
fn annuity(terms: &Terms, period: u64) -> Annuity {
    let (a, b) = (BigInt::from(terms.rate) * period, BigInt::from(WAD.to::<u64>()) * YEAR);
    let n = u32::from(terms.periods);
    let (grown, still) = ((&a + &b).pow(n), b.pow(n));
    let gain = &grown - &still;
    let principal = BigInt::from(terms.principal.0);
    // A common denominator of b·gain and a·b^(n−1): a·b^n·gain.
    let unit = &a * &still * &gain;
    let payment = &principal * &a * &grown * &a * b.pow(n - 1);
    Annuity {
        interest: &payment * n - &principal * &unit,
        grown: &gain * &gain * &b,
        payment,
        unit,
    }
}

fn total_interest(terms: &Terms, period: u64) -> BigInt {
    BigInt::from(plan(terms, period).iter().map(|(interest, _, _)| interest).sum::<u128>())
}

prop_compose! {
    /// As most loans are: 1 % to 30 % a year over 36 periods of 30 days, up to 100,000,000.
    fn usual()(terms in terms(), rate in 10_000_000_000_000_000..=300_000_000_000_000_000_u64, millions in 1u128..=100, wei in any::<u128>()) -> Terms {
        let most = millions * 1_000_000_000_000_000_000_000_000;
        let principal = Amount(crate::terms::MIN_PRINCIPAL + wei % most);
        Terms { principal, rate, periods: 36, level: true, ..terms }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// All interest of 36 payments is within 36 wei of the exact annuity's.
    #[test]
    fn total_interest_is_within_36_wei_of_the_exact_annuitys(terms in usual()) {
        let exact = annuity(&terms, MONTH);
        let more = total_interest(&terms, MONTH) * &exact.unit - &exact.interest;
        let bound = &exact.unit * 36;
        prop_assert!(more <= bound && more >= -bound, "{:?}", more / exact.unit);
    }

    /// Of any loan: never a wei a payment more than the exact annuity's, and less only because principal is paid sooner, by what the payment is rounded up by.
    #[test]
    fn nobody_pays_a_wei_a_payment_more_than_the_exact_annuity(terms in terms(), period in prop_oneof![Just(MONTH), 60..=366 * 86_400_u64]) {
        let terms = Terms { level: true, ..terms };
        let exact = annuity(&terms, period);
        let instalment = BigInt::from(terms.instalment(period).unwrap().0);
        let rounded_up_by = &instalment * &exact.unit - &exact.payment;
        prop_assert!(rounded_up_by >= exact.unit);
        let more = total_interest(&terms, period) * &exact.unit - &exact.interest;
        let n = BigInt::from(terms.periods);
        prop_assert!(more <= &exact.unit * &n);
        // `rounded_up_by` × (grown − n), both times the unit.
        let sooner = &rounded_up_by * (&exact.grown - &exact.unit * &n);
        prop_assert!(more * &exact.unit >= -sooner);
    }
}
