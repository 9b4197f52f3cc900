//! What a wallet shows of a position: lane, place and claimable, in JSON that is the URI itself.

use alloc::string::String;

use alloy_primitives::U256;

use crate::{queue::Queue, QueueError};

impl Queue {
    /// The token's URI. Shares and assets in wei, the lane in basis points.
    pub(crate) fn describe(&self, position: U256) -> Result<String, QueueError> {
        let holding = self.known(position)?;
        let claim = self.claimable(&holding)?;
        let (ahead, above) = self.before(&holding)?;
        let mut uri = String::from("data:application/json;utf8,{\"name\":\"QEV ");
        number(&mut uri, u128::from(position.as_limbs()[0]));
        uri.push_str("\",\"attributes\":[");
        for (trait_type, value) in [
            ("premium bps", u128::from(holding.position.lane.bps())),
            ("shares ahead in lane", ahead.0),
            ("shares in lanes above", above.0),
            ("waiting shares", self.pending(&holding)?.0),
            ("claimable assets", claim.assets.0),
        ] {
            if !uri.ends_with('[') {
                uri.push(',');
            }
            uri.push_str("{\"trait_type\":\"");
            uri.push_str(trait_type);
            uri.push_str("\",\"value\":\"");
            number(&mut uri, value);
            uri.push_str("\"}");
        }
        uri.push_str("]}");
        Ok(uri)
    }
}

/// Appends `value` in decimals.
fn number(text: &mut String, value: u128) {
    let (rest, digit) = (value / 10, value % 10);
    if rest != 0 {
        number(text, rest);
    }
    text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
}
