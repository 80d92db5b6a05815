// Any bytes as a capture: a survey whose report and draft load as a mapping file.
#include <cstdint>

#include "adapters/mllp/mapping_file.h"
#include "adapters/mllp/survey.h"
#include "broker/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace switchboard::mllp;
  Survey survey;
  survey.add_file(read_capture({reinterpret_cast<const char*>(bytes), size}));
  CHECK(parse_mapping(survey.report() + survey.draft(), "draft.toml").ok());
  return 0;
}
