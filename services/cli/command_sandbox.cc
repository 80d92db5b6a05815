#include <filesystem>

#include "broker/runtime/signals.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/sandbox_files.h"
#include "services/cli/sandbox_hl7.h"
#include "services/cli/sandbox_run.h"
#include "services/cli/sandbox_screens.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

namespace fs = std::filesystem;

Exit init(Call& call) {
  const std::string& folder = call.arguments().file;
  const auto made = init_sandbox(folder, call.now());
  if (!made.ok()) return call.fail(made.error());
  Terminal& terminal = call.terminal();
  for (const std::string& file : made->files) {
    terminal.print((fs::path(folder) / file).string() + "\n");
  }
  terminal.note("a sandbox of a fictional region; nothing in it is real");
  terminal.next("switchboard sandbox run " + folder);
  return Exit::kOk;
}

fs::path beside_this_program() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed).parent_path();
}

Exit run_sandbox(Call& call) {
  const auto signals = Signals::open();  // before there are threads
  if (!signals.ok()) return call.fail(signals.error());
  const Arguments& a = call.arguments();
  const fs::path programs = beside_this_program();
  fs::path pages = a.web.empty() ? pages_beside(programs) : fs::path(a.web);
  if (a.no_screens) pages.clear();
  if (!pages.empty() && !fs::exists(pages / "index.html")) {
    return call.fail(
        {v1::CODE_NOT_FOUND, pages.string() + " holds no index.html: build the pages"});
  }
  SandboxRun sandbox({.folder = a.file, .programs = programs, .pages = pages}, **signals,
                     call.terminal());
  const auto done = sandbox.run();
  return done.ok() ? Exit::kOk : call.fail(done.error());
}

}  // namespace

void add_sandbox(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& sandbox = menu.add({.name = "sandbox",
                                .meaning = "a whole Switchboard on this machine, to try things",
                                .examples = "switchboard sandbox init demo\n"
                                            "switchboard sandbox run demo"});
  CLI::App& make = menu.add(
      sandbox, {.name = "init",
                .meaning = "write configs, keys, a directory and sample HL7 into a new folder",
                .examples = "switchboard sandbox init demo",
                .run = init});
  make.add_option("dir", a.file, "folder to make")->required()->type_name("DIR");
  CLI::App& run = menu.add(
      sandbox,
      {.name = "run",
       .meaning = "start hub, adapters, endpoints and screens in the foreground until Ctrl-C",
       .examples = "switchboard sandbox run demo\n"
                   "SWITCHBOARD_CONNECT=demo/connect.toml switchboard status",
       .run = run_sandbox});
  run.add_option("dir", a.file, "folder made by sandbox init")->required()->type_name("DIR");
  run.add_option("--web", a.web,
                 "folder of the gateways' built pages (default: where they are built)")
      ->type_name("DIR");
  run.add_flag("--no-screens", a.no_screens, "without gateways");
}

}  // namespace switchboard::cli
