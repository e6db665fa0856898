// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A configuration that a bundle describes.
///
/// @param name the PID, and for one of a factory `-` and its own name: what its file is called without `.cfg`
/// @param definition what it can have
/// @param file what it has
record Configuration(String name, Definition definition, ConfigFile file) {
    /// {@return a configuration in a folder}
    static Configuration in(Path folder, String name, Definition definition) {
        return new Configuration(name, definition, new ConfigFile(folder.resolve(name + ".cfg")));
    }

    /// {@return a setting of it}
    ///
    /// @param key its name
    /// @throws IllegalArgumentException if there is none; the message says which there are
    Setting setting(String key) {
        Setting setting = definition.settings().get(key);
        if (setting == null) {
            throw new IllegalArgumentException(
                    "%s has no key \"%s\"; it has %s"
                            .formatted(
                                    name, key, String.join(", ", definition.settings().keySet())));
        }
        return setting;
    }

    /// {@return the changes that were typed, by key}
    ///
    /// @param words `KEY=VALUE` each
    /// @throws IllegalArgumentException if one makes no sense; the message says why
    Map<String, Optional<String>> assignments(List<String> words) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected KEY=VALUE, is \"" + word + '"');
            }
            Setting setting = setting(word.substring(0, equals).strip());
            String value = word.substring(equals + 1).strip();
            if (!setting.takes(value)) {
                throw new IllegalArgumentException(
                        "%s of %s must be %s, is \"%s\""
                                .formatted(setting.key(), name, setting.values(), value));
            }
            if (changes.putIfAbsent(setting.key(), Optional.of(value)) != null) {
                throw new IllegalArgumentException(setting.key() + " is given twice");
            }
        }
        return changes;
    }

    /// {@return changes by which keys have their defaults}
    ///
    /// @param keys the keys; those that it has in its file and nobody describes can be named too
    /// @param values what the file has
    /// @throws IllegalArgumentException if one is not there; the message says which there are
    Map<String, Optional<String>> removals(List<String> keys, Map<String, String> values) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (String key : keys) {
            changes.put(values.containsKey(key) ? key : setting(key).key(), Optional.empty());
        }
        return changes;
    }

    /// {@return what a key is now, for a person}
    ///
    /// @param setting describes it
    /// @param values what the file has
    static String shown(Setting setting, Map<String, String> values) {
        String value = values.get(setting.key());
        String now = value == null ? setting.otherwise().orElse("") : value;
        return setting.isSecret() && !now.isEmpty() ? "********" : now;
    }
}
