// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

import org.jspecify.annotations.Nullable;
import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// How the code is divided: into packages, classes and methods.
public class StructureIT {
    private static final Path ROOT = Path.of("..");
    private static final String SOURCES = "src/main/java";
    private static final int CLASS_LINES = 300;
    private static final int METHOD_LINES = 35;

    /// {@return the folders of all modules, but for that of the benchmarks, which is built later}
    private static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.find(ROOT, 4, (path, _) -> path.endsWith("pom.xml"))) {
            return folders.map(pom -> pom.resolveSibling(SOURCES))
                    .filter(Files::isDirectory)
                    .map(sources -> sources.resolve("../../..").normalize())
                    .filter(module -> !module.endsWith("benchmarks"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path module : modules()) {
            Path folder = module.resolve(SOURCES);
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all;
    }

    @Test
    public void shouldFindTheModules() throws IOException {
        assertThat(modules())
                .contains(ROOT.resolve("launcher"), ROOT.resolve("bundles/api"))
                .contains(ROOT.resolve("bundles/watchers/exec-log"));
        assertThat(sources()).hasSizeGreaterThan(200);
    }

    @Test
    public void shouldSeeWhichPackageUsesWhich() throws IOException {
        PackageGraph graph = PackageGraph.of(modules());

        assertThat(graph.usedBy("org/taskwatch/kmonitor"))
                .contains("org/taskwatch/api", "org/taskwatch/linux", "org/taskwatch/linux/proc")
                .doesNotContain("org/taskwatch/tasks", "org/taskwatch/kmonitor");
        assertThat(graph.usedBy("org/taskwatch/linux/proc")).isEmpty();
    }

    /// Of all modules together, so of each: OSGi allows a cycle of bundles, and this does not.
    @Test
    public void shouldHaveNoCycleBetweenPackages() throws IOException {
        assertThat(PackageGraph.of(modules()).cycle()).isEmpty();
    }

    @Test
    public void shouldHaveNoClassOfMoreThan300Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources()) {
            int lines = Files.readAllLines(source).size();
            if (lines > CLASS_LINES) {
                tooLong.add(source + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    public void shouldHaveNoMethodOfMoreThan35Lines() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources()));
            MethodLengths lengths = new MethodLengths(Trees.instance(task).getSourcePositions());
            lengths.scan(task.parse(), null);
            assertThat(lengths.count).as("methods").isGreaterThan(1500);
            assertThat(lengths.tooLong).isEmpty();
        }
    }

    /// Finds long methods. A method is as long as it is from its opening brace to its closing one: before
    /// it, a command of the shell declares its options with all that help says of them.
    private static final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final SourcePositions positions;
        private final List<String> tooLong = new ArrayList<>();
        private int count;
        private CompilationUnitTree unit;

        MethodLengths(SourcePositions positions) {
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitCompilationUnit(CompilationUnitTree tree, @Nullable Void none) {
            unit = tree;
            return super.visitCompilationUnit(tree, none);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
            if (method.getBody() != null) {
                measure(method.getName(), method.getBody());
            }
            return super.visitMethod(method, none);
        }

        private void measure(Name name, BlockTree body) {
            LineMap lines = unit.getLineMap();
            long length =
                    lines.getLineNumber(positions.getEndPosition(unit, body))
                            - lines.getLineNumber(positions.getStartPosition(unit, body))
                            + 1;
            count++;
            if (length > METHOD_LINES) {
                String file = unit.getSourceFile().getName();
                tooLong.add("%s: %s, %d lines".formatted(file, name, length));
            }
        }
    }
}
