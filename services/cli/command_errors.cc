#include "broker/runtime/edit_distance.h"
#include "services/cli/call.h"
#include "services/cli/error_book.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string code_name(const ErrorPage& page) {
  return page.code == v1::CODE_OK ? "ok" : name_of(page.code);
}

std::string json_line(const ErrorPage& page) {
  // The texts are ours and hold neither quotes nor control characters.
  return "{\"code\": \"" + v1::Code_Name(page.code) +
         "\", \"number\": " + std::to_string(static_cast<int>(page.code)) + ", \"nature\": \"" +
         std::string(nature_words(page.nature)) +
         "\", \"exit\": " + std::to_string(static_cast<int>(exit_for(page.code))) +
         ", \"meaning\": \"" + std::string(page.meaning) + "\", \"advice\": \"" +
         std::string(page.advice) + "\"}\n";
}

Exit ls(Call& call) {
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    std::string rows;
    for (const auto& page : error_book()) rows += json_line(page);
    if (terminal.format() == Format::kJson) {
      rows.pop_back();
      for (size_t at = rows.find('\n'); at != std::string::npos; at = rows.find('\n', at + 2)) {
        rows.insert(at, ",");
        ++at;
      }
      rows = "[" + rows + "]\n";
    }
    terminal.print(rows);
    return Exit::kOk;
  }
  Table table({"CODE",
               {"NUMBER", Table::Align::kRight},
               "NATURE",
               {"EXIT", Table::Align::kRight},
               "MEANING"});
  for (const auto& page : error_book()) {
    table.add({code_name(page), std::to_string(static_cast<int>(page.code)),
               nature_words(page.nature), std::to_string(static_cast<int>(exit_for(page.code))),
               page.meaning});
  }
  terminal.print(table);
  return Exit::kOk;
}

Exit lookup(Call& call) {
  const ErrorPage* page = find_error(call.arguments().code);
  if (page == nullptr) {
    std::string nearest;
    size_t best = 4;
    for (const auto& known : error_book()) {
      const size_t d = edit_distance(call.arguments().code, code_name(known));
      if (d < best) {
        best = d;
        nearest = code_name(known);
      }
    }
    return call.misused("no code '" + plain(call.arguments().code) + "'" +
                        (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  if (!call.terminal().tables()) {
    call.terminal().print(json_line(*page));
    return Exit::kOk;
  }
  call.terminal().print(call.terminal().emphasis(code_name(*page), Colour::kBold) + " (" +
                        std::to_string(static_cast<int>(page->code)) + "), " +
                        std::string(nature_words(page->nature)) + ", exit " +
                        std::to_string(static_cast<int>(exit_for(page->code))) + "\n" +
                        std::string(page->meaning) + "\nwhat to do: " + std::string(page->advice) +
                        "\n");
  return Exit::kOk;
}

}  // namespace

void add_errors(Menu& menu) {
  CLI::App& errors = menu.add({.name = "errors",
                               .meaning = "what the hub's codes mean; works without a hub",
                               .examples = "switchboard errors lookup disk_low"});
  menu.add(errors,
           {.name = "ls", .meaning = "every code", .examples = "switchboard errors ls", .run = ls});
  CLI::App& one = menu.add(errors, {.name = "lookup",
                                    .meaning = "one code and what to do",
                                    .examples = "switchboard errors lookup disk_low\n"
                                                "switchboard errors lookup 24",
                                    .run = lookup});
  one.add_option("code", menu.arguments().code, "name or number")->required()->type_name("CODE");
}

}  // namespace switchboard::cli
