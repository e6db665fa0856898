// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.taskwatch.launcher.source.SourceException.Cause;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// A run of the compiler of the JDK, from the text of one source to its classes. All is in memory, and
/// garbage when it is over.
///
/// @param file the name of the source
/// @param text what is in it
record Compilation(String file, String text) {
    /// Further errors are not told: most of them follow from the first.
    private static final int MOST_ERRORS = 20;

    /// Of one error, in characters.
    private static final int LONGEST_ERROR = 500;

    private static final List<String> OPTIONS =
            List.of("-proc:none", "-g", "-parameters", "-nowarn", "-Xmaxerrs", "" + MOST_ERRORS);

    /// What the compiler finds at the end of a source that is cut off.
    private static final Set<String> CUT_OFF =
            Set.of(
                    "compiler.err.premature.eof",
                    "compiler.err.unclosed.comment",
                    "compiler.err.unclosed.str.lit",
                    "compiler.err.unclosed.text.block");

    /// {@return the classes by their entries in a jar}
    ///
    /// @param classPath the jars that it may use
    /// @throws SourceException if it does not compile
    Map<String, byte[]> classes(List<Path> classPath) throws IOException {
        if (text.isBlank()) {
            throw new SourceException("it is empty", Cause.END);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(found, null, null);
                ClassesInMemory files = new ClassesInMemory(standard)) {
            standard.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            boolean isCompiled =
                    compiler.getTask(output, files, found, OPTIONS, null, List.of(source())).call();
            if (!isCompiled) {
                throw failure(found.getDiagnostics(), output.toString());
            }
            Map<String, byte[]> classes = files.classes();
            if (classes.isEmpty()) {
                throw new SourceException("it declares no class", Cause.END);
            }
            return classes;
        }
    }

    private JavaFileObject source() {
        return new SimpleJavaFileObject(URI.create("file:///" + file), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private SourceException failure(
            List<Diagnostic<? extends JavaFileObject>> found, String output) {
        List<Diagnostic<? extends JavaFileObject>> errors =
                found.stream().filter(d -> d.getKind() == Diagnostic.Kind.ERROR).toList();
        // It tells of its own failure by an output alone.
        Stream<String> lines =
                !errors.isEmpty()
                        ? errors.stream().map(this::line)
                        : output.contains(StackOverflowError.class.getName())
                                ? Stream.of(file + ": it is nested too deeply")
                                : Stream.of(file + ": " + cut(output));
        return new SourceException(
                lines.collect(Collectors.joining("\n    ", "it does not compile\n    ", "")),
                cause(errors.stream().map(Diagnostic::getCode).toList()));
    }

    private static Cause cause(List<String> codes) {
        if (codes.stream().anyMatch(CUT_OFF::contains)) {
            return Cause.END;
        }
        return codes.contains("compiler.err.doesnt.exist") ? Cause.CLASS_PATH : Cause.SOURCE;
    }

    private String line(Diagnostic<? extends JavaFileObject> error) {
        String message = cut(error.getMessage(Locale.ENGLISH));
        return error.getLineNumber() == Diagnostic.NOPOS
                ? "%s: %s".formatted(file, message)
                : "%s:%d: %s".formatted(file, error.getLineNumber(), message);
    }

    private static String cut(String message) {
        String text = message.strip().replace("\n", "\n        ");
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "...";
    }
}
