// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.RawText;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Makes records of which each may have any fact, and any bytes in its texts.
final class RandomRecords {
    private final Random random;
    private final byte[] odd = {'"', '\\', ' ', '=', ',', '.', '\n', '\r', '#', '?', ':', -1};

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    TaskRecord fill(TaskRecord record) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        record.begin(kind, random.nextLong(), id(), id());
        if (random.nextBoolean()) {
            record.repaired();
        }
        for (Fact fact : Fact.values()) {
            if (random.nextInt(4) == 0) {
                record.set(fact, number(FactText.of(fact)));
            }
        }
        maybe(record::comm, this::text);
        maybe(record::executable, this::text);
        maybe(record::arguments, this::arguments);
        maybe(record::workingDirectory, this::text);
        maybe(record::cgroup, this::text);
        maybe(record::namespaces, this::namespaces);
        return record;
    }

    private int id() {
        return 1 + random.nextInt(Integer.MAX_VALUE);
    }

    private long number(FactText fact) {
        return switch (random.nextInt(3)) {
            case 0 -> fact.least();
            case 1 -> fact.most();
            default -> Math.clamp(random.nextLong(), fact.least(), fact.most());
        };
    }

    private <T> void maybe(Consumer<Detail<T>> setter, Supplier<T> value) {
        switch (random.nextInt(4)) {
            case 0 -> setter.accept(Detail.of(value.get()));
            case 1 -> setter.accept(Detail.cut(value.get()));
            case 2 -> {
                Reason[] reasons = Reason.values();
                setter.accept(Detail.unknown(reasons[random.nextInt(reasons.length)]));
            }
            default -> {
                // not said
            }
        }
    }

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextBoolean() ? odd[random.nextInt(odd.length)] : bytes[i];
        }
        return bytes;
    }

    String text() {
        if (random.nextInt(8) == 0) { // any characters, also those that stand for no bytes
            return random.ints(random.nextInt(9), 0, 0x1_0000)
                    .collect(
                            StringBuilder::new,
                            (text, point) -> text.append((char) point),
                            StringBuilder::append)
                    .toString();
        }
        return RawText.of(bytes(30));
    }

    private Arguments arguments() {
        byte[] bytes = bytes(40);
        return Arguments.of(bytes.length == 0 ? new byte[1] : bytes, 40);
    }

    private Map<String, Long> namespaces() {
        Map<String, Long> ids = new TreeMap<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            ids.put(text(), random.nextLong());
        }
        return ids;
    }
}
