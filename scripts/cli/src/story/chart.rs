//! The year as a picture.

use std::path::Path;

use alloy_primitives::U256;
use plotters::prelude::*;

use super::{Step, VaultState};
use crate::node::NodeError;

const PRICE: RGBColor = RGBColor(20, 90, 160);
const CASH: RGBColor = RGBColor(200, 110, 20);
const LENT: RGBColor = RGBColor(90, 140, 60);

/// Draws share price (left axis), cash and loans outstanding (right axis) over the days of `steps` into `path` as SVG.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(steps: &[Step], path: &Path) -> Result<(), NodeError> {
    let refused = |error: &dyn std::fmt::Display| NodeError::Other(format!("{} cannot be drawn: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| refused(&error))?;
    }
    let Some(first) = steps.first() else { return Ok(()) };
    // Days as fractions, so that a story in a hurry has a time axis too.
    let day = |step: &Step| as_f64(U256::from(step.vault.at - first.vault.at)) / 86_400.0;
    let last = steps.iter().map(day).fold(0.0, f64::max).max(1e-6);
    let price = |step: &Step| as_f64(step.vault.redemption_price) / 1e18;
    let money = |wei: U256| as_f64(wei) / 1e18 / 1_000.0;
    let (low, high) = steps
        .iter()
        .map(price)
        .fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p), high.max(p)));
    let margin = (high - low).max(1e-6) * 0.1;
    let most = steps
        .iter()
        .map(|step| money(step.vault.cash).max(money(step.vault.principal)))
        .fold(0.0, f64::max)
        * 1.15;

    let root = SVGBackend::new(path, (960, 540)).into_drawing_area();
    let result = (|| -> Result<(), Box<dyn std::error::Error + '_>> {
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .caption("sUSDai over a year: share price, cash, loans", ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(78)
            .right_y_label_area_size(78)
            .build_cartesian_2d(0.0..last, (low - margin)..(high + margin))?
            .set_secondary_coord(0.0..last, 0.0..most.max(1.0));
        chart
            .configure_mesh()
            .x_desc("day")
            .y_desc("redemption price, USDai a share")
            .y_label_formatter(&|p| format!("{p:.4}"))
            .x_label_formatter(&|d| format!("{d:.0}"))
            .light_line_style(WHITE)
            .draw()?;
        chart
            .configure_secondary_axes()
            .y_desc("thousand USDai")
            .y_label_formatter(&|m| format!("{m:.0}"))
            .draw()?;
        for (label, colour, amount) in [
            ("cash in the vault", CASH, (|vault| vault.cash) as fn(&VaultState) -> U256),
            ("senior loans outstanding", LENT, |vault| vault.principal),
        ] {
            // Money moves at once: a stair, not a slope.
            let stair = steps.iter().enumerate().flat_map(|(index, step)| {
                let before = &steps[index.saturating_sub(1)];
                [(day(step), money(amount(&before.vault))), (day(step), money(amount(&step.vault)))]
            });
            chart
                .draw_secondary_series(LineSeries::new(stair, colour.stroke_width(2)))?
                .label(label)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], colour.stroke_width(2)));
        }
        chart
            .draw_series(LineSeries::new(steps.iter().map(|s| (day(s), price(s))), PRICE.stroke_width(3)))?
            .label("share price")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 22, y)], PRICE.stroke_width(3)));
        chart.draw_series(steps.iter().map(|s| Circle::new((day(s), price(s)), 3, PRICE.filled())))?;
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerMiddle)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 15))
            .draw()?;
        root.present()?;
        Ok(())
    })();
    result.map_err(|error| refused(&error))
}

/// Good enough for a pixel.
fn as_f64(amount: U256) -> f64 {
    f64::from(amount)
}
