// Any bytes as a published item, from a key that speaks for its own agency only: what is admitted
// is whole, within the limits and this agency's; what is refused keeps nothing.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/base/limits.h"
#include "broker/core/admission.h"

using namespace switchboard;

namespace {

v1::PrincipalRow publisher() {
  v1::PrincipalRow who;
  who.set_id("pas");
  who.set_agency("XA1");
  who.set_system("EPR");
  who.set_environment(v1::ENVIRONMENT_TEST);
  who.add_roles(v1::ROLE_PUBLISHER);
  return who;
}

void check(const core::Admitted& admitted) {
  CHECK(!admitted.event_id.empty() || admitted.verdict == core::Verdict::kRefuse);
  if (admitted.verdict != core::Verdict::kAdmit) {
    CHECK(admitted.code != v1::CODE_OK && !admitted.text.empty());
    return;
  }
  CHECK(admitted.code == v1::CODE_OK);
  const auto& header = admitted.header;
  CHECK(header.agency() == "XA1" && header.system() == "EPR");
  CHECK(header.environment() != v1::ENVIRONMENT_LIVE);
  CHECK(header.threads_size() <= static_cast<int>(limits::kThreadsMax));
  CHECK(!header.kind().empty() && header.kind().size() <= 64);
  CHECK(header.occurred().earliest_us() <= header.occurred().latest_us());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const v1::PrincipalRow who = publisher();
  static core::Admitted admitted;  // used again, as in the hub
  v1::Item item;
  if (!item.ParseFromArray(bytes, static_cast<int>(size))) return 0;
  const core::ItemOf views(item);
  core::admit(who, views.view(), admitted);
  check(admitted);
  return 0;
}
