// People's acts that have to do with tasks: a call logged, a question, a reply, a disagreement.
//
// What every act needs (may this connection and person act, was it done before) is act.cc's.
// Thread: the loop.
#pragma once

#include <string>

#include "broker/core/task.h"

namespace switchboard::core {

struct TaskAnswer {
  v1::Code code = v1::CODE_OK;
  std::string text;       // what to do next
  uint64_t position = 0;  // of the audit entry; 0: nothing was written
  v1::DeliveryState state = v1::DELIVERY_STATE_UNSPECIFIED;  // of the delivery it is about
};

bool is_task_act(v1::ActKind kind);
TaskAnswer task_act(Turn& turn, const v1::Actor& actor, const v1::Act& act);

}  // namespace switchboard::core
