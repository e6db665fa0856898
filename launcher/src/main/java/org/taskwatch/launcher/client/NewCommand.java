// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// `taskwatch new`
///
/// Works without a running instance: it writes a file.
public final class NewCommand implements Command {
    private static final String STARTER =
            """
            import org.osgi.service.component.annotations.Component;
            import org.taskwatch.api.*;

            @Component
            @WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE, filter = "(uid=0)")
            public class %s implements TaskWatcher {
                @Override
                public Verdict notify(TaskNotification n) {
                    System.out.println(n.time() + " " + n.task().pid() + " " + n.details().commandLine());
                    return Verdict.ALLOW;
                }
            }
            """;

    /// Makes the command.
    public NewCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "new",
                "write a watcher to begin with",
                """
                Writes NAME.java into the current folder: a watcher in one file. Copied into the folder deploy of the
                base it is compiled and called; what is wrong with it stands in NAME.java.err beside it, and task:why
                NAME tells it too. A file that is there is not touched.
                """,
                List.of(),
                new Operands("NAME", Kind.TEXT, 1, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException, MisuseException {
        Path file = write(Path.of(""), arguments.operands().getFirst());
        System.out.printf(
                "%1$s is a watcher; deploy it by: cp %1$s %2$s/%n",
                file, Base.chosenBy(arguments).deploy());
        return 0;
    }

    /// {@return the file that was written}
    ///
    /// @param folder where
    /// @param name of the class
    /// @throws Failure if there is such a file
    static Path write(Path folder, String name) throws IOException, MisuseException {
        if (!name.matches("[A-Z][A-Za-z_0-9]*")) {
            throw new MisuseException(
                    "NAME must be that of a class: a capital, then letters, digits and _; is "
                            + name);
        }
        Path file = folder.resolve(name + ".java");
        try {
            Files.writeString(file, STARTER.formatted(name), StandardOpenOption.CREATE_NEW);
            return file;
        } catch (FileAlreadyExistsException e) {
            throw new Failure("%s is there already; choose another name".formatted(file));
        }
    }
}
