// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.apache.felix.metatype.AD;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;

import java.util.Objects;
import java.util.Optional;

/// One key of a configuration, as its bundle describes it. Immutable.
final class Setting {
    private final AD described;

    /// @param described the description, which nobody changes any more
    Setting(AD described) {
        this.described = described;
    }

    /// {@return its name in the file}
    String key() {
        return described.getID();
    }

    /// {@return the value where the file has none, empty if then there is none}
    Optional<String> otherwise() {
        String @Nullable [] values = described.getDefaultValue();
        return values == null || values.length == 0
                ? Optional.empty()
                : Optional.of(String.join(",", values));
    }

    /// {@return what it is for; empty if nobody says it}
    String text() {
        return Objects.requireNonNullElse(described.getDescription(), "");
    }

    /// {@return whether its value is not to be shown}
    boolean isSecret() {
        return described.getType() == AttributeDefinition.PASSWORD;
    }

    /// {@return the values that it can have, as a part of a sentence}
    String values() {
        String[] options = described.getOptionValues();
        if (options != null && options.length > 0) {
            return String.join(" or ", options);
        }
        return switch (described.getType()) {
            case AttributeDefinition.STRING, AttributeDefinition.PASSWORD ->
                    described.getCardinality() == 0 ? "text" : "text, with commas";
            case AttributeDefinition.BOOLEAN -> "true or false";
            case AttributeDefinition.CHARACTER -> "a character";
            default -> "a number" + range(described.getMin(), described.getMax());
        };
    }

    private static String range(@Nullable String min, @Nullable String max) {
        if (min != null && max != null) {
            return " from " + min + " to " + max;
        }
        if (min != null) {
            return " of at least " + min;
        }
        return max == null ? "" : " of at most " + max;
    }

    /// {@return whether it can have a value}
    boolean takes(String value) {
        String problem = described.validate(value);
        return problem == null || problem.isEmpty();
    }
}
