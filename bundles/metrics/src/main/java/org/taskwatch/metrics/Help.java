// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// What the counters of the bundles of Taskwatch mean, one line each: the file `help.properties`. Immutable.
final class Help {
    private static final String OTHER = "A number of another bundle.";

    private final Properties texts = new Properties();

    Help() {
        try (InputStream file =
                Objects.requireNonNull(Help.class.getResourceAsStream("help.properties"))) {
            texts.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading help.properties of this bundle", e);
        }
    }

    /// {@return the meaning of a counter}
    String of(String name) {
        return texts.getProperty(name, OTHER);
    }
}
