#include "adapters/sdk/promises.h"

#include <algorithm>
#include <tuple>

#include "adapters/sdk/thinned.h"

namespace switchboard::sdk {

static constexpr std::string_view kKey = "promise";
static constexpr std::string_view kEarlierKey = "promises";

Result<Promises> Promises::open(kv::Kv& kv) {
  Promises promises(kv);
  TRY(const auto highest, kv.get(kv::Family::kMeta, kKey));
  TRY(const auto earlier, kv.get(kv::Family::kMeta, kEarlierKey));
  if ((highest && !promises.highest_.ParseFromString(*highest)) ||
      (earlier && !promises.earlier_.ParseFromString(*earlier))) {
    return error(v1::CODE_INTERNAL, "the stored promise is damaged");
  }
  return promises;
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
  if (highest_.epoch() != 0 && promise.epoch() != highest_.epoch()) {
    auto& items = *earlier_.mutable_items();
    *items.Add() = highest_;
    std::rotate(items.begin(), items.end() - 1, items.end());
    thin(items);
    batch.put(kv::Family::kMeta, kEarlierKey, earlier_.SerializeAsString());
  }
  TRY_DO(kv_->write(batch));
  highest_ = promise;
  return ok();
}

}  // namespace switchboard::sdk
