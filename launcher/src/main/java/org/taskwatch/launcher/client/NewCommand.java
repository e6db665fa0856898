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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// `taskwatch new`
///
/// Works without a running instance: it writes a file, or a project.
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
                NAME tells it too. With --project it writes the folder NAME, a project for Maven, which needs the API in
                the local repository. What is there is not touched.
                """,
                List.of(Option.flag("project", 'p', "write a project for Maven")),
                new Operands("NAME", Kind.TEXT, 1, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException, MisuseException {
        String name = arguments.operands().getFirst();
        Path deploy = Base.chosenBy(arguments).deploy();
        if (arguments.has("project")) {
            Path project = project(Path.of(""), name, version());
            System.out.printf(
                    "%1$s is a project; deploy it by: (cd %1$s && mvn -q package) && cp"
                            + " %1$s/target/*.jar %2$s/%n",
                    project, deploy);
        } else {
            Path file = file(Path.of(""), name);
            System.out.printf("%1$s is a watcher; deploy it by: cp %1$s %2$s/%n", file, deploy);
        }
        return 0;
    }

    /// {@return the file that was written}
    ///
    /// @param folder where
    /// @param name of the class
    /// @throws Failure if there is such a file
    static Path file(Path folder, String name) throws IOException, MisuseException {
        requireName(name);
        return write(folder.resolve(name + ".java"), STARTER.formatted(name));
    }

    /// {@return the folder of the project that was written}
    ///
    /// @param folder where
    /// @param name of the folder and the class; in small letters, of the package and the bundle
    /// @param version of the API
    /// @throws Failure if there is such a folder
    static Path project(Path folder, String name, String version)
            throws IOException, MisuseException {
        requireName(name);
        Path project = folder.resolve(name);
        if (Files.exists(project)) {
            throw isThere(project);
        }
        String packet = name.toLowerCase(Locale.ROOT);
        Path sources = project.resolve("src/main/java").resolve(packet);
        Files.createDirectories(sources);
        write(
                sources.resolve(name + ".java"),
                "package %s;%n%n%s".formatted(packet, STARTER.formatted(name)));
        write(
                project.resolve("pom.xml"),
                pom().replace("@PACKAGE@", packet).replace("@TASKWATCH@", version));
        return project;
    }

    private static void requireName(String name) throws MisuseException {
        if (!name.matches("[A-Z][A-Za-z_0-9]*")) {
            throw new MisuseException(
                    "NAME must be that of a class: a capital, then letters, digits and _; is "
                            + name);
        }
    }

    private static Path write(Path file, String text) throws IOException {
        try {
            return Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw isThere(file);
        }
    }

    private static Failure isThere(Path path) {
        return new Failure("%s is there already; choose another name".formatted(path));
    }

    private static String pom() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(NewCommand.class.getResourceAsStream("project.xml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// {@return the version of the jar that this class was loaded from, which is that of the API}
    private static String version() {
        return Objects.requireNonNull(
                NewCommand.class.getPackage().getImplementationVersion(), "not packaged");
    }
}
