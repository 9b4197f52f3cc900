//! What may happen, and how often.

use super::*;

/// Each kind of operation with its weight.
pub(super) const ACTS: &[Act<Walk>] = &[
    // USDai.
    (12, Walk::deposit_base),
    (4, Walk::deposit_coin),
    (2, Walk::deposit_hostile),
    (10, Walk::withdraw_base),
    (12, Walk::harvest),
    (10, Walk::send_dollars),
    (3, Walk::give),
    // The vault.
    (36, Walk::stake),
    (14, Walk::mint),
    (10, Walk::send_shares),
    (6, Walk::bridge),
    (5, Walk::set_cap),
    (30, Walk::request),
    (14, Walk::redeem),
    // The queue.
    (30, Walk::commit),
    (36, Walk::reveal),
    (5, Walk::abandon),
    (8, Walk::withdraw_bid),
    (5, Walk::take_bonds),
    (10, Walk::cancel),
    (8, Walk::split),
    (8, Walk::merge),
    (8, Walk::sell_position),
    (18, Walk::claim),
    (22, Walk::settle),
    // CALIBER.
    (24, Walk::appraise),
    (10, Walk::insure),
    (3, Walk::collapse),
    (10, Walk::hand_over),
    (2, Walk::shock),
    // FiLo.
    (2, Walk::open_stack),
    (10, Walk::deposit_junior),
    (22, Walk::withdraw_junior),
    (12, Walk::offer),
    (6, Walk::cancel_offer),
    (44, Walk::draw),
    (6, Walk::refinance),
    (8, Walk::top_up),
    (70, Walk::pay),
    (4, Walk::set_limit),
    (2, Walk::set_fees),
    // Defaults.
    (12, Walk::mark_late),
    (16, Walk::mark),
    (16, Walk::call_margin),
    (8, Walk::release_call),
    (16, Walk::declare_default),
    (24, Walk::start_auction),
    (36, Walk::bid),
    (2, Walk::set_parameters),
    // Powers.
    (6, Walk::pause_vault),
    (4, Walk::pause_dollars),
    (4, Walk::bar),
    (5, Walk::appoint),
    // The gateway.
    (8, Walk::journey_in),
    (8, Walk::journey_bid),
    (8, Walk::journey_out),
    (6, Walk::journey_draw),
    (8, Walk::journey_pay),
    // Time.
    (60, Walk::pass_time),
    (4, Walk::wait_for_the_window),
    (4, Walk::bidding),
];

/// Time.
impl Walk {
    /// To a moment at which something is due or ends, or a little later.
    pub(super) fn pass_time(&mut self) {
        let now = self.now();
        let id = self.any_loan();
        let (epoch, _) = self.model.queue.epoch_at(now);
        let end = self.rules.genesis + (epoch + 1) * self.rules.epoch;
        let mut moments = vec![end, end - self.rules.reveal];
        if let Some(loan) = self.model.filo.loan(id).filter(|loan| loan.is_open()) {
            moments.extend(credit::moments(loan));
        }
        let chosen = self.dice.one_of(&moments) + self.dice.below(2);
        if self.dice.chance(30) && chosen > now && chosen < now + 20 * DAY {
            self.wait_until(chosen);
        } else {
            let longest = self.dice.one_of(&[3_600, DAY, 5 * DAY]);
            let seconds = self.dice.below(longest);
            self.wait_until(now + seconds);
        }
    }

    /// Bids are opened, and then settled: between them little time passes.
    pub(super) fn wait_for_the_window(&mut self) {
        let (epoch, revealing) = self.model.queue.epoch_at(self.now());
        let end = self.rules.genesis + (epoch + 1) * self.rules.epoch;
        self.wait_until(if revealing { end } else { end - self.rules.reveal });
    }

    fn wait_until(&mut self, then: u64) {
        let now = self.now();
        if then > now {
            self.town.node.chain.advance(then - now);
        }
        self.log.begin(format!("it is {}", self.now()));
        self.log.count("time", "passes");
        self.model.pass_to(self.now());
    }
}
