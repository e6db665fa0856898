// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which packages of this project use which, read off their class files.
final class PackageGraph {
    // In a descriptor: "(ILorg/taskwatch/api/Task;)V"
    private static final Pattern CLASS = Pattern.compile("L(org/taskwatch/[^;<]+)");

    /// For each package, those it uses, and there an example "class -> class".
    private final Map<String, Map<String, String>> uses = new TreeMap<>();

    private PackageGraph() {}

    /// {@return the graph of the classes of some modules}
    ///
    /// @param modules their folders
    static PackageGraph of(List<Path> modules) throws IOException {
        PackageGraph graph = new PackageGraph();
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module.resolve("target/classes"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    ClassModel model = ClassFile.of().parse(file);
                    if (isOfASource(model, module)) {
                        graph.add(model);
                    }
                }
            }
        }
        return graph;
    }

    // An earlier build may have left classes that are no longer there.
    private static boolean isOfASource(ClassModel model, Path module) {
        String name = model.thisClass().asInternalName();
        return model.findAttribute(Attributes.sourceFile())
                .map(SourceFileAttribute::sourceFile)
                .map(source -> name.substring(0, name.lastIndexOf('/') + 1) + source.stringValue())
                .filter(source -> Files.exists(module.resolve("src/main/java").resolve(source)))
                .isPresent();
    }

    private void add(ClassModel model) {
        String user = model.thisClass().asInternalName();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry used -> addAll(user, "L" + used.asInternalName());
                case NameAndTypeEntry used -> addAll(user, used.type().stringValue());
                default -> {}
            }
        }
        model.fields().forEach(field -> addAll(user, field.fieldType().stringValue()));
        model.methods().forEach(method -> addAll(user, method.methodType().stringValue()));
    }

    private void addAll(String user, String descriptor) {
        for (Matcher used = CLASS.matcher(descriptor); used.find(); ) {
            String from = folder(user);
            String to = folder(used.group(1));
            if (!from.equals(to)) {
                uses.computeIfAbsent(from, _ -> new TreeMap<>())
                        .putIfAbsent(to, user + " -> " + used.group(1));
            }
        }
    }

    private static String folder(String name) {
        return name.substring(0, name.lastIndexOf('/'));
    }

    /// {@return the other packages that a package uses}
    Set<String> usedBy(String folder) {
        return uses.getOrDefault(folder, Map.of()).keySet();
    }

    /// {@return a way from a package back to itself, with an example for each step; empty if there is
    /// none}
    List<String> cycle() {
        Set<String> done = new HashSet<>();
        for (String start : uses.keySet()) {
            List<String> cycle = cycle(start, new ArrayDeque<>(), done);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        return List.of();
    }

    private List<String> cycle(String from, Deque<String> way, Set<String> done) {
        if (way.contains(from)) {
            return examples(from, way);
        }
        if (!done.contains(from)) {
            way.addLast(from);
            for (String to : uses.getOrDefault(from, Map.of()).keySet()) {
                List<String> cycle = cycle(to, way, done);
                if (!cycle.isEmpty()) {
                    return cycle;
                }
            }
            way.removeLast();
            done.add(from);
        }
        return List.of();
    }

    private List<String> examples(String from, Deque<String> way) {
        List<String> packages = new ArrayList<>(way);
        packages.subList(0, packages.indexOf(from)).clear();
        packages.add(from);
        List<String> examples = new ArrayList<>();
        for (int i = 1; i < packages.size(); i++) {
            examples.add(uses.get(packages.get(i - 1)).get(packages.get(i)));
        }
        return examples;
    }
}
