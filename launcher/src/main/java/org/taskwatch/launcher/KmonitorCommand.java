// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `taskwatch kmonitor`
///
/// Works without a running instance: the link leads to where the file will be.
@Command(
        name = "kmonitor",
        description = "Lets programs written for /dev/kmonitor find the file kmonitor.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KmonitorCommand.Install.class, KmonitorCommand.Uninstall.class})
final class KmonitorCommand {
    /// The link, and where it leads.
    private static final class Link {
        @Mixin private final BaseOption option = new BaseOption();

        @Option(
                names = "--link",
                paramLabel = "PATH",
                defaultValue = "/dev/kmonitor",
                description = "the link; else ${DEFAULT-VALUE}")
        private Path path = Path.of("");

        private Path target() {
            return option.base().directory().resolve("fs/kmonitor");
        }

        /// {@return whether it is there}
        ///
        /// @throws Failure if something else is in its place
        boolean exists() throws IOException {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            if (!Files.isSymbolicLink(path)) {
                throw new Failure(path + " is there and is no link; taskwatch leaves it alone");
            }
            Path other = Files.readSymbolicLink(path);
            if (!other.equals(target())) {
                throw new Failure(
                        "%s is a link to %s, not to %s; taskwatch leaves it alone"
                                .formatted(path, other, target()));
            }
            return true;
        }

        void make() {
            try {
                Files.createSymbolicLink(path, target());
            } catch (IOException e) {
                throw new Failure("cannot make the link: " + Failure.reason(e));
            }
        }

        void delete() {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw new Failure("cannot take the link away: " + Failure.reason(e));
            }
        }
    }

    private KmonitorCommand() {}

    /// `taskwatch kmonitor install`
    @Command(
            name = "install",
            description =
                    "Links /dev/kmonitor to the file of the instance; needs root. A restart of the"
                            + " machine takes the link away.")
    static final class Install implements Callable<Integer> {
        @Mixin private final Link link = new Link();

        @Override
        public Integer call() throws IOException {
            if (!link.exists()) {
                link.make();
            }
            return 0;
        }
    }

    /// `taskwatch kmonitor uninstall`
    @Command(name = "uninstall", description = "Takes that link away, and nothing else.")
    static final class Uninstall implements Callable<Integer> {
        @Mixin private final Link link = new Link();

        @Override
        public Integer call() throws IOException {
            if (link.exists()) {
                link.delete();
            }
            return 0;
        }
    }
}
