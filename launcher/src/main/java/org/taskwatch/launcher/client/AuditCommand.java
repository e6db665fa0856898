// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `taskwatch audit`
///
/// Works without a running instance: it reads the files.
public final class AuditCommand implements Command {
    private static final String TRAIL = "audit.log";

    /// Makes the command.
    public AuditCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "audit",
                "check that nobody has changed or cut the audit trail",
                """
                Checks the chain of hashes in the audit trail of the instance, or in FILEs, the oldest first. Exits
                with 1 if a byte was changed, or something is missing between the first and the last, and tells where.
                Of the trail of the instance it sees too whether its end is cut.
                """,
                List.of(),
                new Operands("verify [FILE...]", Kind.FILE, 1, Integer.MAX_VALUE, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException, MisuseException {
        List<String> words = arguments.operands();
        if (!words.getFirst().equals("verify")) {
            throw new MisuseException("unexpected argument '" + words.getFirst() + "'");
        }
        AuditChain chain = new AuditChain();
        if (words.size() > 1) {
            for (String file : words.subList(1, words.size())) {
                chain.check(Path.of(file));
            }
        } else {
            verify(Base.chosenBy(arguments).log(), chain);
        }
        System.out.println(chain.summary());
        return 0;
    }

    /// The head is read before the files: an instance that runs writes it after them.
    private static void verify(Path folder, AuditChain chain) throws IOException {
        Path head = folder.resolve("audit.head");
        String last = Files.exists(head) ? Files.readString(head).strip() : "";
        List<Path> files = trail(folder);
        if (files.isEmpty()) {
            throw new Failure("there is no audit trail in " + folder);
        }
        for (Path file : files) {
            chain.check(file);
        }
        if (!last.isEmpty() && !chain.has(last)) {
            throw new Failure(
                    "%s: its end is missing: what was written last has the hash %s"
                            .formatted(files.getLast(), last));
        }
    }

    /// {@return the files of the trail, the oldest first}
    private static List<Path> trail(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("audit\\.log(\\.\\d{1,9})?"))
                    .sorted(Comparator.comparing(AuditCommand::age).reversed())
                    .toList();
        }
    }

    private static int age(Path file) {
        String digits = file.getFileName().toString().substring(TRAIL.length());
        return digits.isEmpty() ? 0 : Integer.parseInt(digits.substring(1));
    }
}
