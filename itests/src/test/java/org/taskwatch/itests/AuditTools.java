// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `ausearch` and `aureport` of the package `auditd` of this Debian, with the libraries that they need, in a
/// folder: nothing is installed.
///
/// @param root the folder, as if it were the root of a file system
record AuditTools(Path root) {
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu:lib/x86_64-linux-gnu";

    /// Gets the packages. Skips the test, and says why, where that can't be done.
    ///
    /// @param folder is made
    static AuditTools in(Path folder) throws IOException {
        Needs.program("apt-cache");
        List<String> names = new ArrayList<>(List.of("auditd"));
        ProcessBuilder depends = new ProcessBuilder("apt-cache", "depends", "auditd");
        Pattern.compile("Depends: (lib(?:audit|auparse|cap-ng)\\S*)")
                .matcher(DebianPackages.run(depends).out())
                .results()
                .forEach(name -> names.add(name.group(1)));
        return new AuditTools(DebianPackages.unpack(folder, names));
    }

    /// {@return what a tool says of a trail}
    ///
    /// @param tool `ausearch` or `aureport`
    /// @param trail the file
    /// @param options what is asked
    String ask(String tool, Path trail, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(find(tool), "-if", trail + ""));
        words.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(words);
        String libraries =
                Stream.of(LIBRARIES.split(":"))
                        .map(library -> root.resolve(library).toString())
                        .reduce((a, b) -> a + ":" + b)
                        .orElseThrow();
        builder.environment().put("LD_LIBRARY_PATH", libraries);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD); // it has no configuration here
        return DebianPackages.run(builder).out();
    }

    /// It is below `usr` in later releases.
    private String find(String tool) {
        Path sbin = root.resolve("sbin").resolve(tool);
        return (Files.exists(sbin) ? sbin : root.resolve("usr/sbin").resolve(tool)).toString();
    }
}
