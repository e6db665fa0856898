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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                                "serve", '\0', "answer an instance, by standard input and output")),
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
        String name = source.toAbsolutePath().getFileName().toString();
        try (Compiler compiler = new SourceBundler()) {
            Instant written = Files.getLastModifiedTime(source).toInstant();
            byte[] jar = compiler.bundle(source, written, Distribution.own().foundation());
            return Files.write(Path.of(name.replace(Compiler.SUFFIX, ".jar")), jar);
        } catch (IOException e) {
            throw new Failure(name + ": " + Failure.reason(e));
        }
    }
}
