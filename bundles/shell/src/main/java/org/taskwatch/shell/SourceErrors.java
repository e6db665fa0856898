// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.osgi.framework.BundleContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong with sources in the deploy folder: the launcher leaves it in a file beside each.
public final class SourceErrors {
    /// What is more is not shown: the launcher writes 20 errors at most.
    private static final int MOST_BYTES = 16 << 10;

    private static final int MOST_SOURCES = 100;
    private static final String SOURCE = ".java";
    private static final String ERRORS = ".err";

    private SourceErrors() {}

    /// {@return the errors of all sources, of the first hundred}
    static String all(BundleContext context) {
        String base = context.getProperty("taskwatch.base");
        if (base == null) {
            return "";
        }
        try (Stream<Path> files = Files.list(Path.of(base, "deploy"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SOURCE + ERRORS))
                    .sorted()
                    .limit(MOST_SOURCES)
                    .map(file -> of(context, file.substring(0, file.indexOf('.'))))
                    .collect(Collectors.joining());
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException | UncheckedIOException e) {
            return "cannot read the folder deploy: %s%n".formatted(e.getMessage());
        }
    }

    /// {@return the errors of a source, nothing if it has none or there is no such source}
    ///
    /// @param context knows the base
    /// @param module its name without `.java`, which is that of its module
    public static String of(BundleContext context, String module) {
        String base = context.getProperty("taskwatch.base");
        if (base == null || !module.matches("\\w+")) {
            return "";
        }
        Path source = Path.of(base, "deploy", module + SOURCE);
        Path errors = source.resolveSibling(source.getFileName() + ERRORS);
        if (!Files.exists(source) || !Files.isRegularFile(errors, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(errors)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot read %s: %s%n".formatted(errors, e.getMessage());
        }
    }
}
