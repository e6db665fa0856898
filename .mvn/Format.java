// SPDX-License-Identifier: Apache-2.0

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Formats, or checks, every Java source of the project with google-java-format (AOSP style), and
/// checks the licence line; but for the examples, which are for others to copy. Run by Maven on the
/// JDK of the toolchain, because the formatter parses with the compiler of the JVM it runs in, and
/// Maven itself may run on an older one.
///
/// `java -cp <formatter> Format.java check|apply ROOT`
public final class Format {
    private static final String LICENSE = "// SPDX-License-Identifier: Apache-2.0\n";

    public static void main(String[] args) throws IOException, FormatterException {
        boolean apply = args[0].equals("apply");
        Formatter formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(Style.AOSP)
                                .formatJavadoc(false)
                                .build());
        int wrong = 0;
        for (Path source : sources(Path.of(args[1]))) {
            String text = Files.readString(source);
            String formatted = format(formatter, text);
            if (!text.startsWith(LICENSE)) {
                System.err.println(source + ": the first line must be " + LICENSE.strip());
                wrong++;
            } else if (!text.equals(formatted) && apply) {
                Files.writeString(source, formatted);
            } else if (!text.equals(formatted)) {
                System.err.println(source + ": not formatted; run `mvn -N validate -Pformat`");
                wrong++;
            }
        }
        System.exit(wrong == 0 ? 0 : 1);
    }

    /// Where it has broken a long string it indents the pieces only the next time.
    private static String format(Formatter formatter, String text) throws FormatterException {
        String once = formatter.formatSourceAndFixImports(text);
        return once.equals(text) ? text : formatter.formatSourceAndFixImports(once);
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().contains("target/"))
                    .filter(file -> !file.startsWith(root.resolve("examples")))
                    .sorted()
                    .toList();
        }
    }
}
