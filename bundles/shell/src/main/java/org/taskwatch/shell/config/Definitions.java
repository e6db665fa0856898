// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.apache.felix.metatype.AD;
import org.apache.felix.metatype.Designate;
import org.apache.felix.metatype.MetaData;
import org.apache.felix.metatype.MetaDataReader;
import org.apache.felix.metatype.OCD;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Knows what can be configured: what the bundles that are installed say in `OSGI-INF/metatype/*.xml`, the format of the
/// Metatype Service of OSGi. It is read when somebody asks, as nobody does most of the time. A text that is to be
/// translated (`%key`) is shown as it is. Safe for all threads.
@Component(service = Definitions.class)
public final class Definitions {
    private static final String FOLDER = "OSGI-INF/metatype";

    private final BundleContext context;

    /// Made by Declarative Services.
    ///
    /// @param context knows the bundles
    @Activate
    public Definitions(BundleContext context) {
        this.context = context;
    }

    /// {@return all there are, by PID}
    ///
    /// @param problems takes a sentence for each description that can't be read
    Collection<Definition> all(Consumer<String> problems) {
        Map<String, Definition> all = new TreeMap<>();
        Stream.of(context.getBundles())
                .flatMap(bundle -> files(bundle).flatMap(file -> read(bundle, file, problems)))
                .forEach(definition -> all.putIfAbsent(definition.pid(), definition));
        return all.values();
    }

    /// {@return the words by which they and their keys are told}
    public List<String> words() {
        return all(_ -> {}).stream()
                .flatMap(each ->
                        Stream.concat(
                                Stream.of(each.pid()),
                                each.settings().keySet().stream().map(key -> key + "=")))
                .distinct()
                .toList();
    }

    private static Stream<URL> files(Bundle bundle) {
        boolean isThere = bundle.getState() != Bundle.UNINSTALLED;
        var found = isThere ? bundle.findEntries(FOLDER, "*.xml", false) : null;
        return found == null ? Stream.empty() : Collections.list(found).stream();
    }

    private static Stream<Definition> read(Bundle bundle, URL file, Consumer<String> problems) {
        try {
            MetaData data = new MetaDataReader().parse(file);
            return data == null ? Stream.empty() : definitions(data).stream();
        } catch (IOException | RuntimeException e) { // the reader checks little
            problems.accept(
                    "%s of %s can't be read: %s"
                            .formatted(file.getPath(), bundle.getSymbolicName(), e.getMessage()));
            return Stream.empty();
        }
    }

    private static List<Definition> definitions(MetaData data) {
        List<?> designates = Objects.requireNonNullElse(data.getDesignates(), List.of());
        Map<?, ?> classes = Objects.requireNonNullElse(data.getObjectClassDefinitions(), Map.of());
        return designates.stream()
                .map(Designate.class::cast)
                .flatMap(designate ->
                        Stream.ofNullable(classes.get(designate.getObject().getOcdRef()))
                                .map(described -> definition(designate, (OCD) described)))
                .toList();
    }

    private static Definition definition(Designate designate, OCD described) {
        Map<?, ?> attributes =
                Objects.requireNonNullElse(described.getAttributeDefinitions(), Map.of());
        Map<String, Setting> settings =
                attributes.values().stream()
                        .map(attribute -> new Setting((AD) attribute))
                        .collect(
                                Collectors.toMap(
                                        Setting::key, each -> each, (a, _) -> a, TreeMap::new));
        String factory = designate.getFactoryPid();
        return new Definition(
                factory == null ? Objects.requireNonNull(designate.getPid(), "no pid") : factory,
                factory != null,
                Objects.requireNonNullElse(described.getName(), ""),
                Objects.requireNonNullElse(described.getDescription(), ""),
                settings);
    }
}
