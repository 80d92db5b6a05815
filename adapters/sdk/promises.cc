#include "adapters/sdk/promises.h"

#include <tuple>

namespace switchboard::sdk {

static constexpr std::string_view kKey = "promise";

Result<Promises> Promises::open(kv::Kv& kv) {
  v1::Promise highest;
  TRY(const auto row, kv.get(kv::Family::kMeta, kKey));
  if (row && !highest.ParseFromString(*row)) {
    return error(v1::CODE_INTERNAL, "the stored promise is damaged");
  }
  return Promises(kv, std::move(highest));
}

bool Promises::credible(const v1::Promise& promise) const {
  if (promise.epoch() != highest_.epoch()) return promise.epoch() > highest_.epoch();
  if (promise.position() != highest_.position()) return promise.position() > highest_.position();
  return promise.head() == highest_.head();
}

Status Promises::note(const v1::Promise& promise) {
  if (std::tuple(promise.epoch(), promise.position()) <=
      std::tuple(highest_.epoch(), highest_.position())) {
    return ok();
  }
  kv::Batch batch;
  batch.put(kv::Family::kMeta, kKey, promise.SerializeAsString());
  TRY_DO(kv_->write(batch));
  highest_ = promise;
  return ok();
}

}  // namespace switchboard::sdk
