//! One driver for all random walks: it plays the same operations on a model in exact arithmetic, on the contracts compiled for this machine and
//! on their WASM, which compare themselves after every step; and if a walk ends badly it looks for a short one that ends the same way.
//!
//! A step is told by one number, from which its dice fall. So a walk is a list of numbers, any part of that list is a walk too, and shrinking
//! is leaving numbers out. What is found is a story: the file that the failing test names, put into `tests/scenarios/stories`, is played for
//! ever by [`stories`]. It says in words what each step was, so that nobody plays another one unawares after a change to a walk.
//!
//! `WALK_STEPS` and `WALK_SEED` choose another length and other dice, `USDAI_LONG` has ten times as many walks natively, three times as many on both.

use std::{
    any::Any,
    env, fmt,
    fmt::Write as _,
    fs, iter,
    panic::{catch_unwind, resume_unwind, AssertUnwindSafe},
    path::Path,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use stylus_chain::{Chain, ChainBuilder, Machine};
use usdai_cli::protocol::suite::Terms;

use crate::{
    target,
    walk::{chosen, Chronicle, Dice},
    Town,
};

/// How many times as many walks a long run has: natively, and on both machines, where a step takes ten times as long.
const MORE: (usize, usize) = (10, 3);
/// How long a failing walk is made shorter at most, unless `WALK_SHRINK_SECONDS` says otherwise.
const SHRINKING: u64 = 120;

/// A kind of operation, with its weight.
pub type Act<W> = (u64, fn(&mut W));

/// A walk: a world with its model, and operations of which the dice choose one at a time.
pub trait Walk: Sized + 'static {
    /// What it is called, in the names of stories.
    const NAME: &'static str;
    /// Everything is compared once in so many operations.
    const FULL_CHECK: u64;
    /// Each kind of operation, on everything that plays it.
    const ACTS: &'static [Act<Self>];
    /// What tells its variants apart.
    type Variant: Copy + fmt::Debug + Send + Sync + 'static;
    /// All variants, the first the one that is meant if there is only one.
    const VARIANTS: &'static [Self::Variant];

    /// The world before the first step.
    fn begin(variant: Self::Variant, ground: Ground, dice: Dice) -> Self;
    /// What chooses the next operation, and what it is about.
    fn dice(&mut self) -> &mut Dice;
    /// What has happened.
    fn log(&mut self) -> &mut Chronicle;
    /// Where it was played, if on the protocol: at the end of a walk the chain's logs have to rebuild all of its storage.
    fn town(&mut self) -> Option<&mut Town>;
    /// Before each step, for a model that has to be told the time.
    fn set_clock(&mut self) {}
    /// What is compared after each step; nothing, if the operations compare what they have touched.
    fn check(&mut self) {}
    /// A comparison of everything.
    fn check_everything(&mut self);
    /// The last that is done: what everybody can do wherever the walk has led.
    fn wind_up(&mut self) {}
    /// Kinds of operations with outcomes that a walk of full length has to have reached, and this one has not.
    fn missing(&self) -> Vec<(&'static str, &'static str)>;
}

/// One operation, as `dice` fall, and the comparison.
fn step<W: Walk>(walk: &mut W, dice: Dice) {
    *walk.dice() = dice;
    let act = walk.dice().weighted(W::ACTS);
    let begun = walk.log().step;
    walk.set_clock();
    act(walk);
    walk.check();
    if walk.log().step / W::FULL_CHECK != begun / W::FULL_CHECK {
        walk.check_everything();
    }
}

/// What a walk's world is built on.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// What runs programs once everything is deployed.
    pub machine: Machine,
}

impl Ground {
    /// The protocol deployed on `terms`, on a chain with `rules`.
    #[must_use]
    pub fn town(self, rules: ChainBuilder, terms: Terms) -> Town {
        // Receipts of hundreds of thousands of transactions are of use to nobody.
        let chain: Chain = rules.records(self.machine != Machine::Native).build();
        let mut town = Town::deployed_on(chain, terms);
        town.run_on(self.machine);
        town
    }

    /// What a walk ends with, however it is played: in a failure that shows only here, a story has to show it too.
    fn end<W: Walk>(self, walk: &mut W) {
        walk.check_everything();
        walk.wind_up();
        // Native walks keep no records.
        if let Some(town) = walk.town().filter(|_| self.machine != Machine::Native) {
            town.events_rebuild_the_storage();
        }
    }
}

/// Walks of one kind, each with dice of its own: several beginnings see more than one walk that goes on and on, among ever greater numbers.
#[derive(Clone, Copy, Debug)]
pub struct Journey {
    /// Where the dice begin.
    pub seed: u64,
    /// How many.
    pub walks: usize,
    /// Operations of each, at least.
    pub steps: u64,
    /// What plays them beside the model.
    pub machine: Machine,
}

impl Journey {
    /// On the WASM and natively, each step. It need not have been everywhere: the walk's native journey has.
    #[must_use]
    pub fn on_both(seed: u64, steps: u64) -> Self {
        Self {
            seed,
            walks: 1,
            steps,
            machine: Machine::Both,
        }
    }

    /// On the contracts compiled for this machine alone: many more steps in the same time.
    #[must_use]
    pub fn natively(seed: u64, (walks, steps): (usize, u64)) -> Self {
        Self {
            seed,
            walks,
            steps,
            machine: Machine::Native,
        }
    }
}

/// Plays `journey`, as many of its walks at a time as there are cores, and prints how often what happened.
///
/// # Panics
/// If the model, the native contracts and the WASM differ, with a story that shows it; if a state was never reached.
pub fn drive<W: Walk>(variant: W::Variant, journey: Journey) {
    let seed = chosen("WALK_SEED", journey.seed);
    let steps = chosen("WALK_STEPS", journey.steps);
    let mut dice = Dice::new(seed);
    let more = match journey.machine {
        _ if env::var_os("USDAI_LONG").is_none() => 1,
        Machine::Native => MORE.0,
        Machine::Both | Machine::Wasm => MORE.1,
    };
    let seeds: Vec<_> = iter::once(seed)
        .chain(iter::repeat_with(|| dice.fork().0))
        .take(journey.walks * more)
        .collect();
    let players = thread::available_parallelism().map_or(1, |cores| cores.get().min(seeds.len()));
    let seeds = Mutex::new(seeds.into_iter());
    let next = || seeds.lock().expect("nothing panics while it takes a seed").next();
    let play = || {
        iter::from_fn(next)
            .map(|seed| walk::<W>(variant, journey.machine, seed, steps))
            .collect::<Vec<_>>()
    };
    let unseen = thread::scope(|scope| {
        let players: Vec<_> = (0..players).map(|_| scope.spawn(play)).collect();
        let played = players
            .into_iter()
            .flat_map(|player| player.join().unwrap_or_else(|cause| resume_unwind(cause)));
        played.collect::<Vec<_>>()
    });
    // What none of them has seen.
    let (mut missing, others) = unseen
        .split_first()
        .map(|(one, others)| (one.clone(), others))
        .expect("a journey has a walk");
    missing.retain(|state| others.iter().all(|unseen| unseen.contains(state)));
    let full = steps >= journey.steps && journey.machine == Machine::Native;
    assert!(!full || missing.is_empty(), "never seen: {missing:?}");
}

/// One walk; returns what it never saw.
fn walk<W: Walk>(variant: W::Variant, machine: Machine, seed: u64, steps: u64) -> Vec<(&'static str, &'static str)> {
    let ground = Ground { machine };
    let begun = Instant::now();
    let mut numbers = Vec::new();
    let mut dice = Dice::new(seed);
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut walk = W::begin(variant, ground, dice.fork().1);
        while walk.log().step < steps {
            let (number, dice) = dice.fork();
            numbers.push(number);
            step(&mut walk, dice);
        }
        ground.end(&mut walk);
        let log = walk.log();
        // In one piece: other walks print too.
        println!(
            "{} {variant:?}, seed {seed:#x}, on {machine:?}: {} operations in {:.1?}\n{}",
            W::NAME,
            log.step,
            begun.elapsed(),
            log.table()
        );
        walk.missing()
    }));
    played.unwrap_or_else(|cause| {
        let played = numbers.len();
        let tale = Tale { variant, seed, numbers };
        let (tale, told, end) = tale.shrink::<W>(ground, &*cause);
        let path = target().join("stories").join(format!("{}-{seed:x}.story", W::NAME));
        fs::create_dir_all(path.with_file_name(""))
            .and_then(|()| fs::write(&path, tale.write(&end, &told)))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        eprintln!("{} of {} steps end the same way: {}", tale.numbers.len(), played, path.display());
        resume_unwind(cause)
    })
}

/// Plays every story of this walk in `tests/scenarios/stories` again, on the WASM and natively.
///
/// # Panics
/// If one ends badly, or is not the one that was told.
pub fn stories<W: Walk>() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut played = 0;
    for entry in fs::read_dir(&folder).expect("the folder of stories") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !name.starts_with(&format!("{}-", W::NAME)) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a story");
        let (tale, told) = Tale::read(&text, W::VARIANTS).unwrap_or_else(|| panic!("{name} is no story"));
        let ground = Ground { machine: Machine::Both };
        let mut walk = W::begin(tale.variant, ground, Dice::new(tale.seed).fork().1);
        walk.log().remember_all();
        for number in &tale.numbers {
            step(&mut walk, Dice::new(*number));
        }
        ground.end(&mut walk);
        assert_eq!(walk.log().told(), told, "{name} is another story since the walk was changed");
        played += 1;
    }
    println!("tried {played}");
    assert!(played > 0, "{} has no stories", W::NAME);
}

/// A walk that can be played again.
struct Tale<V> {
    variant: V,
    seed: u64,
    numbers: Vec<u64>,
}

impl<V: Copy + fmt::Debug> Tale<V> {
    /// Leaves steps out as long as it ends the same way. Returns what is left, what it tells, and how it ends.
    fn shrink<W: Walk<Variant = V>>(mut self, ground: Ground, cause: &(dyn Any + Send)) -> (Self, Vec<String>, String) {
        let until = Instant::now() + Duration::from_secs(chosen("WALK_SHRINK_SECONDS", SHRINKING));
        let end = message(cause);
        // Natively if it shows there, for speed; a difference between the two shows on both only.
        let native = Ground { machine: Machine::Native };
        let ground = if self.ends::<W>(native, &self.numbers).is_some_and(|(how, _)| same(&how, &end)) {
            native
        } else {
            ground
        };
        let mut chunk = self.numbers.len().div_ceil(2);
        while chunk > 0 && Instant::now() < until {
            let mut at = 0;
            let mut shorter = false;
            while at < self.numbers.len() && Instant::now() < until {
                let mut rest = self.numbers.clone();
                rest.drain(at..(at + chunk).min(rest.len()));
                if self.ends::<W>(ground, &rest).is_some_and(|(how, _)| same(&how, &end)) {
                    self.numbers = rest;
                    shorter = true;
                } else {
                    at += chunk;
                }
            }
            if !(shorter && chunk == 1) {
                chunk /= 2;
            }
        }
        let told = self.ends::<W>(ground, &self.numbers).map(|(_, told)| told).unwrap_or_default();
        (self, told, end)
    }

    /// How the walk over `numbers` ends, if badly, and what it told until then.
    fn ends<W: Walk<Variant = V>>(&self, ground: Ground, numbers: &[u64]) -> Option<(String, Vec<String>)> {
        let mut told = Vec::new();
        let played = catch_unwind(AssertUnwindSafe(|| {
            let mut walk = W::begin(self.variant, ground, Dice::new(self.seed).fork().1);
            walk.log().remember_all();
            let played = catch_unwind(AssertUnwindSafe(|| {
                for number in numbers {
                    step(&mut walk, Dice::new(*number));
                }
                ground.end(&mut walk);
            }));
            told = walk.log().told();
            if let Err(cause) = played {
                resume_unwind(cause);
            }
        }));
        played.err().map(|cause| (message(&*cause), told))
    }

    /// Comments say how it ended; then the walk, the steps' numbers, and what each operation was.
    fn write(&self, end: &str, told: &[String]) -> String {
        let mut text = String::new();
        for line in end.lines() {
            let _ = writeln!(text, "# {line}");
        }
        let _ = writeln!(text, "walk {:?} {:x}", self.variant, self.seed);
        for number in &self.numbers {
            let _ = writeln!(text, "{number:x}");
        }
        for operation in told {
            let _ = writeln!(text, "- {operation}");
        }
        text
    }

    /// What [`Self::write`] has written, and what it tells.
    fn read(text: &str, variants: &[V]) -> Option<(Self, Vec<String>)> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut title = lines.next()?.strip_prefix("walk ")?.split(' ');
        let name = title.next()?;
        let variant = *variants.iter().find(|variant| format!("{variant:?}") == name)?;
        let hex = |digits: &str| u64::from_str_radix(digits, 16).ok();
        let seed = hex(title.next()?)?;
        let (told, numbers): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("- "));
        let numbers = numbers.into_iter().map(hex).collect::<Option<_>>()?;
        let told = told.into_iter().map(|line| line[2..].to_owned()).collect();
        Some((Self { variant, seed, numbers }, told))
    }
}

/// What a panic said.
fn message(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().cloned();
    text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}

/// Whether two ends are one: the same words, whatever the numbers.
fn same(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        let line = text.lines().next().unwrap_or_default();
        line.chars().filter(|letter| !letter.is_ascii_hexdigit()).collect::<String>()
    };
    words(one) == words(other)
}
