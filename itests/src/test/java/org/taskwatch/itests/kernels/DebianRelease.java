// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A release of Debian, from wherever apt gets that of this machine: the machine's own lists of sources with the
/// other name in them. What apt knows and gets is in a folder, and nothing is installed.
final class DebianRelease {
    private static final Path SOURCES = Path.of("/etc/apt");
    private static final Pattern CODENAME = Pattern.compile("(?m)^VERSION_CODENAME=\"?(\\w+)");

    // Read after all that the machine has: its hooks are none of ours.
    private static final String CONFIGURATION =
            """
            #clear APT::Update;
            #clear DPkg;
            APT::Install-Recommends "false";
            APT::Sandbox::User "";
            Acquire::Retries "3";
            Debug::NoLocking "true";
            Dir::Etc::sourcelist "/dev/null";
            Dir::Etc::sourceparts "%1$s/sources";
            Dir::State "%1$s/state";
            Dir::State::status "%1$s/status";
            Dir::Cache "%1$s/cache";
            """;

    private final Path folder;

    /// Has apt look at what there is.
    ///
    /// @param name as `trixie`
    /// @param folder is made, for all that apt writes
    DebianRelease(String name, Path folder) throws IOException {
        this.folder = folder;
        for (String needed : List.of("sources", "state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(folder.resolve(needed));
        }
        Files.writeString(folder.resolve("status"), "", CREATE, TRUNCATE_EXISTING); // nothing
        Files.writeString(folder.resolve("apt.conf"), CONFIGURATION.formatted(folder));
        String own = codename();
        for (Path list : lists()) {
            String text = Files.readString(list).replaceAll("\\b" + own + "\\b", name);
            Files.writeString(folder.resolve("sources").resolve(list.getFileName()), text);
        }
        apt("apt-get", "update");
        apt("apt-get", "autoclean"); // what it has got before, and is replaced
    }

    /// {@return the release of this machine, as `bookworm`}
    static String codename() throws IOException {
        Matcher name = CODENAME.matcher(Files.readString(Path.of("/etc/os-release")));
        if (!name.find()) {
            throw new AssertionError("needs a released Debian, whose name is in /etc/os-release");
        }
        return name.group(1);
    }

    private static List<Path> lists() throws IOException {
        List<Path> lists = new ArrayList<>();
        try (Stream<Path> parts = Files.list(SOURCES.resolve("sources.list.d"))) {
            parts.filter(part -> part.toString().matches(".*\\.(list|sources)"))
                    .forEach(lists::add);
        }
        Path first = SOURCES.resolve("sources.list");
        if (Files.exists(first)) {
            lists.add(first);
        }
        return lists;
    }

    private String apt(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("-q", "-c", folder.resolve("apt.conf").toString()));
        return Program.run(folder.resolve("cache/archives"), all);
    }

    /// {@return the first package that another one depends on and that has such a name}
    ///
    /// @param of the other one
    /// @param prefix what the name begins with
    String dependency(String of, String prefix) {
        Matcher name =
                Pattern.compile("Depends: (" + prefix + "\\S*)")
                        .matcher(apt("apt-cache", "depends", of));
        if (!name.find()) {
            throw new AssertionError("the package " + of + " depends on no " + prefix + "...");
        }
        return name.group(1);
    }

    /// Gets one package, without what it depends on, and unpacks it.
    ///
    /// @return the folder with its files
    Path unpack(String name) throws IOException {
        apt("apt-get", "download", name);
        return unpackAll(name);
    }

    /// Gets packages with all that they depend on, and unpacks them.
    ///
    /// @return the folder with their files
    Path unpackWithDependencies(String... names) throws IOException {
        List<String> words = new ArrayList<>(List.of("apt-get", "-y", "--download-only"));
        words.add("install");
        words.addAll(List.of(names));
        apt(words.toArray(String[]::new));
        return unpackAll("");
    }

    private Path unpackAll(String prefix) throws IOException {
        Path root = folder.resolve("root");
        Program.run(folder, List.of("rm", "-rf", root.toString()));
        try (Stream<Path> packages = Files.list(folder.resolve("cache/archives"))) {
            for (Path file : packages.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(".deb")) {
                    Program.run(folder, List.of("dpkg-deb", "-x", file + "", root + ""));
                }
            }
        }
        return root;
    }
}
