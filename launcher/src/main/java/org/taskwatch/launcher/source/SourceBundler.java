// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.log.LogService;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.SourceException.Cause;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Compiles in this JVM.
///
/// One source at a time is compiled, whatever the number of threads that ask: that bounds the memory that it
/// takes.
public final class SourceBundler implements Compiler {
    /// How long a source may be, in bytes.
    static final int MOST_BYTES = 64 << 10;

    private static final DateTimeFormatter VERSION =
            DateTimeFormatter.ofPattern("'0.0.0.'yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /// Makes one.
    public SourceBundler() {}

    @Override
    public synchronized byte[] bundle(Path source, Instant written, List<Path> classPath)
            throws IOException {
        String file = source.getFileName().toString();
        if (!file.matches("[A-Za-z_][A-Za-z_0-9]*\\.java")) {
            throw new SourceException(
                    "a source is named as its class, in letters, digits and _: rename it",
                    Cause.SOURCE);
        }
        requireCompiler();
        List<Path> jars = Stream.concat(common(), classPath.stream()).toList();
        Map<String, byte[]> classes = new Compilation(file, text(source)).classes(jars);
        String name = file.substring(0, file.length() - SUFFIX.length());
        return new BundleBuilder(name, VERSION.format(written)).jar(classes, jars);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    /// Asked before [Compilation] is loaded: a JRE has neither the compiler nor, perhaps, its interfaces.
    private static void requireCompiler() throws SourceException {
        if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty()) {
            throw new SourceException(
                    "it can't be compiled, as the Java in %s has no compiler (module jdk.compiler): start taskwatch by a JDK, see TASKWATCH_JAVA, or deploy a jar"
                            .formatted(System.getProperty("java.home")),
                    Cause.SOURCE);
        }
    }

    private static String text(Path source) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(source)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new SourceException(
                    "it has more than %d KiB: make a jar of it".formatted(MOST_BYTES >> 10),
                    Cause.SOURCE);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new SourceException("it is no text in UTF-8", Cause.END);
        }
    }

    /// {@return what every source may use: the framework, the log service and the annotations of components}
    private static Stream<Path> common() {
        return Stream.of(Bundle.class, LogService.class, Component.class).map(SourceBundler::jar);
    }

    /// {@return the jar that a class was loaded from}
    private static Path jar(Class<?> member) {
        try {
            return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new Failure("cannot find the jar of %s: %s".formatted(member, Failure.reason(e)));
        }
    }
}
