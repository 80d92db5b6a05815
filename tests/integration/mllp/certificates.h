// Certificates for a test, made by the openssl command: an authority, and some it signed.
#pragma once

#include <string>
#include <vector>

#include "broker/base/check.h"
#include "tests/integration/mllp/command.h"

namespace switchboard::test {

// Makes a certificate authority, and a certificate of it for each name, good for so many days.
inline void make_certificates(const std::string& dir, const std::vector<std::string>& names,
                              const std::string& ca = "ca", int days = 2) {
  const std::string in = "cd " + dir + " && openssl ";
  const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ";
  const auto run = [](const std::string& command) {
    const auto result = run_command(command);
    CHECK(result.exit == 0);
  };
  if (run_command("test -e " + dir + "/" + ca + ".pem").exit != 0) {
    run(in + "req -x509 -days 2 -subj /CN=" + ca + key + ca + ".key -out " + ca + ".pem");
  }
  for (const auto& name : names) {
    run(in + "req -subj /CN=" + name + key + name + ".key -out " + name + ".csr");
    run(in + "x509 -req -days " + std::to_string(days) + " -in " + name + ".csr -CA " + ca +
        ".pem -CAkey " + ca + ".key -CAcreateserial -out " + name + ".pem");
  }
}

}  // namespace switchboard::test
