#include "broker/store/audit_chain.h"

#include "broker/store/keys.h"

namespace switchboard::store {

Hash chain(const Hash& previous, std::string_view block) {
  return Hasher().add_raw(view(previous)).add_raw(block).finish();
}

static Hash mac_of(const HashKey& key, const v1::Promise& p) {
  return Hasher(key).add("promise").add(p.epoch()).add(p.position()).add(p.head()).finish();
}

v1::Promise make_promise(const HashKey& witness_key, uint64_t epoch, uint64_t position,
                         const Hash& head) {
  v1::Promise p;
  p.set_epoch(epoch);
  p.set_position(position);
  p.set_head(std::string(view(head)));
  p.set_mac(std::string(view(mac_of(witness_key, p))));
  return p;
}

bool verify_promise(const HashKey& witness_key, const v1::Promise& p) {
  return equal_constant_time(view(mac_of(witness_key, p)), p.mac());
}

Status for_each_block(const kv::Reads& reads, uint64_t first_position,
                      const std::function<bool(const v1::AuditBlock&, std::string_view)>& visit) {
  const auto rows = reads.scan(kv::Family::kAudit, key::position(first_position), "");
  for (; rows->valid(); rows->next()) {
    v1::AuditBlock block;
    const auto bytes = rows->value();
    if (!block.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt audit block");
    }
    if (!visit(block, bytes)) break;
  }
  return rows->status();
}

}  // namespace switchboard::store
