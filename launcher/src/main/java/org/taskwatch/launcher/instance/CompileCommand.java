// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.Compiler;
import org.taskwatch.launcher.source.CompilerServer;
import org.taskwatch.launcher.source.SourceBundler;
import org.taskwatch.launcher.source.SourceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/// `taskwatch compile`
///
/// Works without a running instance. An instance uses it to compile, in a process of its own.
public final class CompileCommand implements Command {
    /// Makes the command.
    public CompileCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "compile",
                "make the bundle of a watcher in one file",
                """
                Makes NAME.jar of NAME.java, as an instance does with a source in its folder deploy, and puts it into the
                current folder. With what is wrong it exits with 1. A jar that is there is replaced.
                """,
                List.of(
                        Option.flag(
                                "serve",
                                '\0',
                                "for an instance: answer it by standard input and output")),
                new Operands("[FILE]", Kind.FILE, 0, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException, MisuseException {
        List<String> files = arguments.operands();
        if (arguments.has("serve") != files.isEmpty()) {
            throw new MisuseException("expected one file NAME.java");
        }
        if (files.isEmpty()) {
            new CompilerServer().serve();
        } else {
            System.out.println(compile(Path.of(files.getFirst())) + " is a bundle");
        }
        return 0;
    }

    private static Path compile(Path source) throws IOException {
        String name = String.valueOf(source.getFileName());
        try (Compiler compiler = new SourceBundler()) {
            Instant modified = Files.getLastModifiedTime(source).toInstant();
            byte[] jar = compiler.bundle(source, modified, Distribution.own().foundation());
            Path target = Path.of(name.replace(Compiler.SUFFIX, ".jar"));
            Path written = Files.write(Path.of("." + target + ".new"), jar);
            return Files.move(written, target, StandardCopyOption.ATOMIC_MOVE); // never seen half
        } catch (SourceException e) {
            throw new Failure(
                    name + ": " + e.getMessage()); // line by line, as beside a source in deploy
        } catch (IOException e) {
            throw new Failure(name + ": " + Failure.reason(e));
        }
    }
}
