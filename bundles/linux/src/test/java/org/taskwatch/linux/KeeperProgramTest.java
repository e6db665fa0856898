// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// The code of the keeper, against an assembler.
public class KeeperProgramTest {
    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path file(String name) {
        return temporary.getRoot().toPath().resolve(name);
    }

    private static void run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(String.join(" ", words) + ": " + output).isZero();
    }

    /// {@return the instructions of a listing}
    private static String instructions(String listing) {
        return listing.lines()
                .filter(line -> !line.startsWith("//"))
                .map(line -> line.substring(line.indexOf('|') + 1).strip() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    public void shouldBeTheBytesOfItsInstructionsOnX8664() throws Exception {
        Needs.program("as");
        Needs.program("objcopy");
        String listing = KeeperProgram.listing(true);
        String source = ".intel_syntax noprefix\n" + instructions(listing);
        Files.writeString(file("keeper.s"), source);
        String object = file("keeper.o").toString();

        run("as", "--64", "-o", object, file("keeper.s") + "");
        run("objcopy", "-O", "binary", "-j", ".text", object, file("code") + "");

        assertThat(KeeperProgram.code(listing)).isEqualTo(Files.readAllBytes(file("code")));
    }

    @Test
    public void shouldBeTheBytesOfItsInstructionsOnAarch64() throws Exception {
        Needs.program("llvm-mc");
        Needs.program("llvm-objcopy");
        String listing = KeeperProgram.listing(false);
        Files.writeString(file("keeper.s"), instructions(listing));
        String object = file("keeper.o").toString();

        run("llvm-mc", "-triple=aarch64", "-filetype=obj", "-o", object, file("keeper.s") + "");
        run("llvm-objcopy", "-O", "binary", "-j", ".text", object, file("code") + "");

        assertThat(KeeperProgram.code(listing)).isEqualTo(Files.readAllBytes(file("code")));
    }

    @Test
    public void shouldHaveTheHeadersOfAnExecutableFile() throws Exception {
        Needs.program("readelf");
        for (boolean isX8664 : new boolean[] {true, false}) {
            byte[] program = KeeperProgram.file(isX8664);
            Path file = Files.write(file("keeper"), program);
            Process process = new ProcessBuilder("readelf", "-hlW", file.toString()).start();
            String headers = new String(process.getInputStream().readAllBytes());

            assertThat(process.waitFor()).isZero();
            String size = "0x%06x".formatted(program.length);
            assertThat(headers)
                    .contains("EXEC (Executable file)", isX8664 ? "X86-64" : "AArch64")
                    .containsPattern("Entry point address: +0x400078\n")
                    .containsPattern(
                            "LOAD +0x0+ 0x0+400000 0x0+400000 %s %s R E 0x10000\n"
                                    .formatted(size, size));
        }
    }
}
