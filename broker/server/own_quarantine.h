// What a publisher sent that is held in quarantine: its own only (P9).
//
// A page is bounded in rows looked at, also where most of the queue is other senders' (P11); one of
// them can be had whole, with the source's bytes. Thread: the reader.
#pragma once

#include "broker/core/clearing.h"
#include "broker/server/pages.h"

namespace switchboard::server {

// Newest first. next_after: the position before which to go on, 0 at the end. A page may be empty
// and not the last.
Result<v1::Page> own_quarantine(const View& view, const core::Sender& sender,
                                const v1::ReadQuarantine& wanted);

}  // namespace switchboard::server
