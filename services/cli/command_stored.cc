#include "adapters/sdk/client_key.h"
#include "adapters/sdk/endpoint_store.h"
#include "broker/base/seal.h"
#include "broker/kv/rocks_kv.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_inbox.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr size_t kStretch = 256;

struct Stored {
  v1::Page page;
  std::vector<sdk::EndpointStore::Parked> parked;
};

// What an endpoint has on its own disk, whatever the hub says: also beside the running endpoint.
Result<Stored> stored_entries(const Arguments& a) {
  const std::filesystem::path folder(a.store);
  TRY(const auto kv, kv::RocksKv::open({.dir = (folder / "store").string(), .read_only = true}));
  TRY(const SealKey key, sdk::load_or_make_client_key(folder / "client.key"));
  Entropy entropy(os_random_32());
  sdk::EndpointStore::Options options;
  options.team = a.team;
  options.key = key;
  TRY(const auto store, sdk::EndpointStore::open(*kv, entropy, options));
  Stored out;
  TRY(out.parked, store.parked());
  v1::Page& page = out.page;
  page.set_head(store.through());
  for (uint64_t after = a.after;;) {
    TRY(auto stretch, store.read(after, kStretch));
    for (auto& stored : stretch) {
      after = stored.entry.number();
      if (!a.full) stored.entry.clear_sections();
      *page.add_items() = std::move(stored.entry);
    }
    if (stretch.size() < kStretch) return out;
  }
}

Exit stored(Call& call) {
  const auto found = stored_entries(call.arguments());
  if (!found.ok()) return call.fail(found.error());
  const v1::Page& page = found->page;
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print_rows(page, "items");
    return Exit::kOk;
  }
  Table table = inbox_table();
  for (const auto& entry : page.items()) add_entry(table, entry, call.now());
  terminal.print(table);
  for (const auto& parked : found->parked) {
    terminal.note("parked: #" + std::to_string(parked.number) + ", " + plain(parked.reason));
  }
  terminal.note(count(static_cast<uint64_t>(page.items_size()), "entry", "entries") +
                " stored, everything through number " + std::to_string(page.head()) +
                " was received");
  return Exit::kOk;
}

}  // namespace

void add_stored(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& command =
      menu.add({.name = "stored",
                .meaning = "what an endpoint has on its own disk; works without a hub",
                .examples = "switchboard stored --team X26-MIDWIFERY --store midwifery-inbox",
                .run = stored});
  menu.team(command);
  command.add_option("--store", a.store, "folder of the endpoint's store")
      ->required()
      ->type_name("DIR");
  command.add_option("--after", a.after, "numbers after this one")->type_name("NUMBER");
  command.add_flag("--full", a.full, "with --format json: also the disclosed sections");
}

}  // namespace switchboard::cli
