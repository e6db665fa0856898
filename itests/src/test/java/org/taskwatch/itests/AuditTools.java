// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.junit.Assume.assumeTrue;

import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
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
        Needs.program("apt-get");
        Needs.program("dpkg-deb");
        Files.createDirectories(folder);
        List<String> names = new ArrayList<>(List.of("auditd"));
        Matcher needed =
                Pattern.compile("Depends: (lib(?:audit|auparse|cap-ng)\\S*)")
                        .matcher(run(folder, List.of("apt-cache", "depends", "auditd")).out());
        needed.results().forEach(name -> names.add(name.group(1)));
        List<String> download =
                new ArrayList<>(
                        List.of(
                                "apt-get",
                                "-q",
                                "-o",
                                "APT::Sandbox::User=",
                                "-o",
                                "Acquire::Retries=0",
                                "download"));
        download.addAll(names);
        Output got = run(folder, download);
        assumeTrue("needs the packages " + names + " of Debian:\n" + got.out(), got.status() == 0);
        AuditTools tools = new AuditTools(folder.resolve("root"));
        try (Stream<Path> packages = Files.list(folder)) {
            for (Path file : packages.filter(f -> f.toString().endsWith(".deb")).toList()) {
                run(folder, List.of("dpkg-deb", "-x", file + "", tools.root + ""));
            }
        }
        return tools;
    }

    private record Output(int status, String out) {}

    private static Output run(Path folder, List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile());
        return end(builder);
    }

    private static Output end(ProcessBuilder builder) throws IOException {
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        // Names of tasks are bytes.
        byte[] out = process.getInputStream().readAllBytes();
        return new Output(
                process.onExit().join().exitValue(), new String(out, StandardCharsets.UTF_8));
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
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD); // it has no configuration here
        return end(builder).out();
    }

    /// It is below `usr` in later releases.
    private String find(String tool) {
        Path sbin = root.resolve("sbin").resolve(tool);
        return (Files.exists(sbin) ? sbin : root.resolve("usr/sbin").resolve(tool)).toString();
    }
}
