// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.osgi.framework.BundleContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The configurations in the folder `etc`, seen by what the bundles describe. For one command.
final class Configurations {
    private static final String FOLDER = "felix.fileinstall.dir"; // where File Install looks
    private static final String SUFFIX = ".cfg";

    private final List<Definition> definitions;
    private final Path folder;

    /// @param definitions what is described
    /// @param context knows the folder
    /// @param problems takes a sentence for each description that can't be read
    Configurations(Definitions definitions, BundleContext context, Consumer<String> problems) {
        this.definitions = List.copyOf(definitions.all(problems));
        folder = Path.of(Objects.requireNonNull(context.getProperty(FOLDER), FOLDER));
    }

    /// {@return all that are described, by name: those of factories only where they have a file}
    ///
    /// @throws IOException if the folder can't be read
    List<Configuration> all() throws IOException {
        List<String> files = files();
        return definitions.stream()
                .flatMap(definition ->
                        names(definition, files)
                                .map(name -> Configuration.in(folder, name, definition)))
                .toList();
    }

    private static Stream<String> names(Definition definition, List<String> files) {
        return definition.isFactory()
                ? files.stream().filter(definition::describes)
                : Stream.of(definition.pid());
    }

    /// {@return the names of files that nobody describes}
    ///
    /// @throws IOException if the folder can't be read
    List<String> undescribed() throws IOException {
        return files().stream()
                .filter(name -> definitions.stream().noneMatch(each -> each.describes(name)))
                .toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /// {@return the configuration of a name}
    ///
    /// @param name as [Configuration#name]
    /// @throws IllegalArgumentException if nobody describes it; the message says what to do
    Configuration of(String name) {
        return definitions.stream()
                .filter(definition -> definition.describes(name) && !name.contains("/"))
                .findFirst()
                .map(definition -> Configuration.in(folder, name, definition))
                .orElseThrow(() -> new IllegalArgumentException(unknown(name)));
    }

    private String unknown(String name) {
        return "no bundle describes a configuration \"%s\"; list tells which there are, and others are edited by hand, in %s"
                .formatted(name, folder);
    }
}
