// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.launcher.base.Base;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// The script `bin/taskwatch` with the classes of this build: the command becomes other programs, so it runs in a
/// JVM of its own.
abstract class GateFixture {
    private static final int DEADLINE_S = 60;

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    Base base;
    String taskwatch;

    /// How a process ended, and what it has written: each byte is one character.
    record Result(long pid, int status, String out, String err) {}

    @Before
    public void makeDistribution() throws IOException {
        Path home = temporary.newFolder("home").toPath();
        Path script = Files.createDirectory(home.resolve("bin")).resolve("taskwatch");
        Files.copy(Path.of("bin/taskwatch"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Path lib = Files.createDirectory(home.resolve("lib"));
        writeJar(lib.resolve("org.taskwatch.launcher-0.jar"));
        taskwatch = script.toString();
        base = new Base(temporary.newFolder("base").toPath());
    }

    private static void writeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, "org.taskwatch.launcher.Main");
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    /// Runs a script of bash, with arguments.
    final Result bash(String script, String... arguments) throws Exception {
        return run(Arrays.asList("bash", "-c", script, "bash"), arguments);
    }

    final Result taskwatch(String... arguments) throws Exception {
        return run(Arrays.asList(taskwatch), arguments);
    }

    private Result run(List<String> command, String... arguments) throws Exception {
        Path out = temporary.newFile().toPath();
        Path err = temporary.newFile().toPath();
        List<String> words = new ArrayList<>(command);
        words.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment()
                .put("TASKWATCH_JAVA", ProcessHandle.current().info().command().orElseThrow());
        builder.environment().put("TASKWATCH_BASE", base.directory().toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.pid(), process.exitValue(), text(out), text(err));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
