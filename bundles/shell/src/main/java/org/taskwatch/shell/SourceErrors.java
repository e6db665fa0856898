// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.osgi.framework.BundleContext;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// What is wrong with sources in the deploy folder: the launcher leaves it in a file beside each.
public final class SourceErrors {
    /// What is more is not shown: the launcher writes 20 errors at most.
    private static final int MOST_BYTES = 16 << 10;

    private SourceErrors() {}

    /// {@return the errors of a source, nothing if it has none or there is no such source}
    ///
    /// @param context knows the base
    /// @param module its name without `.java`, which is that of its module
    public static String of(BundleContext context, String module) {
        String base = context.getProperty("taskwatch.base");
        if (base == null || !module.matches("\\w+")) {
            return "";
        }
        Path source = Path.of(base, "deploy", module + ".java");
        Path errors = source.resolveSibling(source.getFileName() + ".err");
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
