//! The entry points of a call.

use core::mem::{align_of, size_of};
use core::ptr::NonNull;

use micropython_sys as sys;
use micropython_sys::{MRQ_OK, mrq_exchange_t, mrq_origin_t, mrq_request_t, mrq_step_t};
use mrequests_engine::call::{Answer, Body, Call, KeptField, Origin, Request, Step};
use mrequests_engine::incoming::Incoming;

use crate::memory::{GcBuf, Lent, lend};

type State = Call<GcBuf>;

const _: () = assert!(size_of::<State>() <= size_of::<mrq_exchange_t>());
const _: () = assert!(align_of::<State>() <= align_of::<mrq_exchange_t>());

/// Prepares Rust's part of a call.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_call_init(exchange: NonNull<State>) {
    // SAFETY: C owns the memory; its size and alignment are asserted above.
    unsafe { exchange.write(State::new()) }
}

/// One step of a call.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_call_step(
    exchange: &mut State,
    request: &mrq_request_t,
    incoming: Option<&mut Incoming>,
    step: &mut mrq_step_t,
) -> u8 {
    // SAFETY: C keeps the bytes of the request during the call, and a piece during its steps.
    let lent = |bytes| unsafe { Lent::from_raw(bytes) }.as_slice();
    let asked = Request {
        method: lent(request.method),
        url: lent(request.url),
        fields: lent(sys::mrq_bytes_t { data: request.fields.data, len: request.fields.len }),
        content_type: lent(request.content_type),
        body: match request.body_kind {
            sys::MRQ_BODY_NONE => Body::None,
            sys::MRQ_BODY_BYTES => Body::Bytes(lent(request.body)),
            _ => Body::Pieces(Some(request.body_length).filter(|&len| len != sys::MRQ_UNKNOWN)),
        },
        max_redirects: request.allow_redirects.then_some(request.max_redirects),
    };
    let answer = Answer { done: step.done, peer_closed: step.peer_closed, piece: lent(step.piece) };
    match exchange.step(&asked, incoming, &answer) {
        Ok(next) => {
            pass(next, step);
            MRQ_OK
        }
        Err(error) => error as u8,
    }
}

/// Writes a step for C.
fn pass(next: Step<'_>, step: &mut mrq_step_t) {
    step.kind = match next {
        Step::Open { origin, url } => {
            step.origin = origin_of(&origin);
            step.bytes = lend(url);
            sys::MRQ_STEP_OPEN
        }
        Step::Send(bytes) => {
            step.bytes = lend(bytes);
            sys::MRQ_STEP_SEND
        }
        Step::Piece => sys::MRQ_STEP_PIECE,
        Step::Rewind => sys::MRQ_STEP_REWIND,
        Step::Head => sys::MRQ_STEP_HEAD,
        Step::Receive(room) => {
            step.room = room.len();
            step.into = room.as_mut_ptr();
            sys::MRQ_STEP_RECEIVE
        }
        Step::Status { code, reason } => {
            step.status = code;
            step.bytes = lend(reason);
            sys::MRQ_STEP_STATUS
        }
        Step::Field { line, kept } => {
            step.bytes = lend(line);
            (step.field, step.value) = number_of(kept);
            sys::MRQ_STEP_FIELD
        }
        Step::Redirected { status, url } => {
            step.status = status;
            step.bytes = lend(url);
            sys::MRQ_STEP_REDIRECTED
        }
        Step::Done => sys::MRQ_STEP_DONE,
    };
}

fn origin_of(origin: &Origin<'_>) -> mrq_origin_t {
    mrq_origin_t {
        host: lend(origin.host),
        port: origin.port,
        tls: origin.tls,
        is_address: origin.is_address,
        large: origin.large,
    }
}

/// The number of a field whose value a response keeps, and this value.
pub(crate) fn number_of(kept: Option<(KeptField, &[u8])>) -> (u8, sys::mrq_bytes_t) {
    match kept {
        Some((KeptField::ContentEncoding, value)) => (sys::MRQ_FIELD_CONTENT_ENCODING, lend(value)),
        Some((KeptField::Charset, value)) => (sys::MRQ_FIELD_CHARSET, lend(value)),
        None => (sys::MRQ_FIELD_OTHER, lend(&[])),
    }
}
