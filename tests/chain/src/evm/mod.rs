//! The EVM with Stylus in it: revm's interpreter, except that frames whose code is a program and calls to Arbitrum's precompiles
//! are answered here.
//!
//! revm keeps its frames on a stack of its own. A program's frame cannot live there, because WASM calls back from the middle of a
//! Rust function; so each call that a program makes runs on a fresh revm stack inside the host function, all of them on one
//! context: one journal, one set of checkpoints, one shared memory.

mod frame;
mod host;
mod precompile_set;
mod program;

pub(crate) use frame::{ended, halted};
pub(crate) use precompile_set::PrecompileSet;

use crate::arbos::{ArbState, PROGRAM_PREFIX};
use alloy_primitives::Address;
use revm::{
    context::{BlockEnv, CfgEnv, Context, Evm, FrameStack, Journal, TxEnv},
    context_interface::result::{EVMError, ExecutionResult, InvalidTransaction},
    database::{CacheDB, EmptyDB},
    handler::{
        evm::{ContextDbError, FrameInitResult},
        instructions::{EthInstructions, InstructionProvider},
        EthFrame, EvmTr, FrameData, FrameInitOrResult, FrameResult, Handler, ItemOrResult, MainnetHandler,
    },
    interpreter::{
        interpreter::EthInterpreter, interpreter_action::FrameInit, CallInputs, CallScheme, FrameInput, InstructionResult,
        InterpreterAction, InterpreterResult,
    },
    primitives::hardfork::SpecId,
    state::Bytecode,
};
use std::convert::Infallible;

/// The committed state: all in memory, so reading it cannot fail.
pub(crate) type Db = CacheDB<EmptyDB>;
/// Context of one transaction.
pub(crate) type Ctx<'db> = Context<BlockEnv, TxEnv, CfgEnv, &'db mut Db, Journal<&'db mut Db>, ArbState>;
/// What stops a transaction before it is executed.
pub(crate) type TxError = EVMError<Infallible, InvalidTransaction>;

type Inner<'db> = Evm<Ctx<'db>, (), EthInstructions<EthInterpreter, Ctx<'db>>, PrecompileSet, EthFrame>;

/// The hard fork whose EVM the chain runs. ArbOS 40 and later: Prague.
pub(crate) const SPEC: SpecId = SpecId::PRAGUE;

/// Takes the value of a state access.
pub(crate) fn known<T>(result: Result<T, Infallible>) -> T {
    let Ok(value) = result;
    value
}

/// Whether `code` is a Stylus program.
pub(crate) fn is_program(code: &Bytecode) -> bool {
    code.original_byte_slice().starts_with(&PROGRAM_PREFIX)
}

/// Executes transactions on one context.
pub(crate) struct StylusEvm<'db> {
    inner: Inner<'db>,
}

impl<'db> StylusEvm<'db> {
    /// An EVM on `ctx`.
    pub(crate) fn new(ctx: Ctx<'db>) -> Self {
        Self {
            inner: Evm::new(ctx, EthInstructions::new_mainnet_with_spec(SPEC), PrecompileSet::new()),
        }
    }

    /// Runs the context's transaction. State changes stay in the journal; see [`Self::into_ctx`].
    pub(crate) fn transact(&mut self) -> Result<ExecutionResult, TxError> {
        self.inner.ctx.chain.start_transaction();
        MainnetHandler::default().run(self)
    }

    /// Gives the context back, with the journal to take the changes from.
    pub(crate) fn into_ctx(self) -> Ctx<'db> {
        self.inner.ctx
    }

    /// Runs a frame that a program asked for, and all frames below it, to the end.
    fn run_nested(&mut self, init: FrameInit) -> Result<FrameResult, TxError> {
        let outer = std::mem::take(&mut self.inner.frame_stack);
        let result = MainnetHandler::<Self, TxError, EthFrame>::default().run_exec_loop(self, init);
        self.inner.frame_stack = outer;
        result
    }
}

impl<'db> EvmTr for StylusEvm<'db> {
    type Context = Ctx<'db>;
    type Instructions = EthInstructions<EthInterpreter, Ctx<'db>>;
    type Precompiles = PrecompileSet;
    type Frame = EthFrame;

    fn all(&self) -> (&Self::Context, &Self::Instructions, &Self::Precompiles, &FrameStack<Self::Frame>) {
        self.inner.all()
    }

    fn all_mut(
        &mut self,
    ) -> (
        &mut Self::Context,
        &mut Self::Instructions,
        &mut Self::Precompiles,
        &mut FrameStack<Self::Frame>,
    ) {
        self.inner.all_mut()
    }

    fn frame_init(&mut self, init: FrameInit) -> Result<FrameInitResult<'_, EthFrame>, ContextDbError<Ctx<'db>>> {
        if let FrameInput::Call(inputs) = &init.frame_input {
            if PrecompileSet::is_arbitrum(inputs.bytecode_address) || is_program(&inputs.known_bytecode.1) {
                return Ok(ItemOrResult::Result(self.run_host_frame(init)));
            }
        }
        let result = match self.inner.frame_init(init)? {
            ItemOrResult::Result(result) => Some(result),
            ItemOrResult::Item(_) => None,
        };
        if let Some(result) = result {
            return Ok(ItemOrResult::Result(result));
        }
        let frame = self.inner.frame_stack.get();
        if let Some(account) = acting_account(frame) {
            self.inner.ctx.chain.enter(account);
        }
        Ok(ItemOrResult::Item(frame))
    }

    fn frame_run(&mut self) -> Result<FrameInitOrResult<EthFrame>, ContextDbError<Ctx<'db>>> {
        let Inner {
            ctx,
            instruction,
            frame_stack,
            ..
        } = &mut self.inner;
        let frame = frame_stack.get();
        let mut action = frame
            .interpreter
            .run_plain(instruction.instruction_table(), instruction.gas_table(), ctx);
        if let (FrameData::Create(_), InterpreterAction::Return(result)) = (&frame.data, &mut action) {
            refuse_foreign_ef(result);
        }
        let next = frame.process_next_action::<_, ContextDbError<Ctx<'db>>>(ctx, action)?;
        if next.is_result() {
            frame.set_finished(true);
        }
        Ok(next)
    }

    fn frame_return_result(&mut self, result: FrameResult) -> Result<Option<FrameResult>, ContextDbError<Ctx<'db>>> {
        let frame = self.inner.frame_stack.get();
        if frame.is_finished() {
            if let Some(account) = acting_account(frame) {
                self.inner.ctx.chain.leave(account);
            }
        }
        self.inner.frame_return_result(result)
    }
}

/// The account that a frame counts for in Nitro's re-entrancy count: none in a delegate call.
fn acting_account(frame: &EthFrame) -> Option<Address> {
    match (&frame.data, &frame.input) {
        (FrameData::Create(create), _) => Some(create.created_address),
        (FrameData::Call(_), FrameInput::Call(inputs)) => acting_callee(inputs),
        (FrameData::Call(_), _) => None,
    }
}

/// As [`acting_account`], for a call not yet begun.
fn acting_callee(inputs: &CallInputs) -> Option<Address> {
    match inputs.scheme {
        CallScheme::Call | CallScheme::StaticCall => Some(inputs.target_address),
        CallScheme::DelegateCall | CallScheme::CallCode => None,
    }
}

/// EIP-3541 with Nitro's exemption: deployed code may start with 0xEF only as a Stylus program. (revm's own check is off.)
fn refuse_foreign_ef(result: &mut InterpreterResult) {
    let code = &result.output;
    if result.is_ok() && code.first() == Some(&0xEF) && !code.starts_with(&PROGRAM_PREFIX) {
        result.result = InstructionResult::CreateContractStartingWithEF;
    }
}
