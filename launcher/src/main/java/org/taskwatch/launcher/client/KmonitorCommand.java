// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// `taskwatch kmonitor`
///
/// Works without a running instance: the link leads to where the file will be.
public final class KmonitorCommand implements Command {
    /// Makes the command.
    public KmonitorCommand() {}

    private static final String LINK = "/dev/kmonitor";

    @Override
    public Declaration declaration() {
        return new Declaration(
                "kmonitor",
                "let programs written for /dev/kmonitor find the file kmonitor",
                """
                Lets programs written for /dev/kmonitor find the file kmonitor.
                install links /dev/kmonitor to the file of the instance; that needs root, and a restart of the
                machine takes the link away. uninstall takes that link away, and nothing else.
                """,
                List.of(
                        new Option(
                                "link", '\0', "PATH", Kind.FILE, "the link; else /dev/kmonitor")),
                new Operands("install|uninstall", Kind.TEXT, 1, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException, MisuseException {
        Path link = Path.of(Objects.requireNonNullElse(arguments.value("link"), LINK));
        Path target = Base.chosenBy(arguments).directory().resolve("fs/kmonitor");
        String word = arguments.operands().getFirst();
        switch (word) {
            case "install" -> {
                if (!exists(link, target)) {
                    make(link, target);
                }
                if (Files.notExists(target)) {
                    System.err.printf(
                            "taskwatch: %s leads nowhere now: no instance serves %s%n",
                            link, target);
                }
            }
            case "uninstall" -> {
                if (exists(link, target)) {
                    delete(link);
                }
            }
            default -> throw new MisuseException("unexpected argument '" + word + "'");
        }
        return 0;
    }

    /// {@return whether the link is there}
    ///
    /// @throws Failure if something else is in its place
    private static boolean exists(Path link, Path target) throws IOException {
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.isSymbolicLink(link)) {
            throw new Failure(link + " is there and is no link; taskwatch leaves it alone");
        }
        Path other = Files.readSymbolicLink(link);
        if (!other.equals(target)) {
            throw new Failure(
                    "%s is a link to %s, not to %s; taskwatch leaves it alone"
                            .formatted(link, other, target));
        }
        return true;
    }

    private static void make(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new Failure("cannot make the link: " + Failure.reason(e));
        }
    }

    private static void delete(Path link) {
        try {
            Files.delete(link);
        } catch (IOException e) {
            throw new Failure("cannot take the link away: " + Failure.reason(e));
        }
    }
}
