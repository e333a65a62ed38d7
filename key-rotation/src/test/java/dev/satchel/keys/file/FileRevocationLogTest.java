package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RevocationLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What listings of directories may do to a log; what every log does: {@link FileKeyRingStoreTest}.
 */
class FileRevocationLogTest {
  private static final Instant LATER = Instant.MAX.minusSeconds(1);

  @TempDir Path temp;

  @BeforeEach
  void ring() {
    new FileKeyRingStore(directory()).compareAndSet(KeyRingStore.ABSENT, bytes("ring"));
  }

  private Path directory() {
    return temp.resolve("ring");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private FileRevocationLog log() {
    return new FileRevocationLog(directory());
  }

  private static List<String> texts(RevocationLog log, long position) {
    return log.from(position, 1000).stream()
        .map(kept -> new String(kept.record(), US_ASCII))
        .toList();
  }

  /** As of a directory that grew while it was listed, or one that NFS has kept a listing of. */
  @Test
  void from_listingThatLacksAnEarlierName_missesNoRecord() {
    for (String record : List.of("one", "two", "three")) {
      log().append(bytes(record), LATER);
    }
    var torn =
        new FileRevocationLog(
            directory(),
            within ->
                FileRevocationLog.listed(within).stream().filter(number -> number != 2).toList());
    assertThat(texts(torn, 1)).containsExactly("one", "two", "three");
  }

  /** Two directories, of which the earlier is an old listing. */
  @Test
  void from_oldListingOfADirectoryThatIsFull_missesNoRecord() throws IOException {
    log().append(bytes("one"), LATER);
    Path group = directory().resolve("revocations/0000000000000");
    Files.move(group.resolve("0000000000001"), group.resolve("0000000000998"));
    for (String record : List.of("two", "three")) {
      log().append(bytes(record), LATER);
    }
    var old =
        new FileRevocationLog(
            directory(),
            within ->
                FileRevocationLog.listed(within).stream().filter(number -> number != 999).toList());
    assertThat(old.from(1, 10))
        .extracting(RevocationLog.Kept::position)
        .containsExactly(998L, 999L, 1000L);
  }

  /** A listing from before others added: their names are taken, and the next one is ours. */
  @Test
  void append_oldListing_goesBehindWhatIsThere() {
    log().append(bytes("one"), LATER);
    List<Long> before = List.of(1L);
    for (String record : List.of("two", "three")) {
      log().append(bytes(record), LATER);
    }
    var calls = new AtomicInteger();
    var old =
        new FileRevocationLog(
            directory(),
            within -> {
              List<Long> found = FileRevocationLog.listed(within);
              boolean records = within.getFileName().toString().matches("[0-9]+");
              return records && calls.getAndIncrement() == 0 ? before : found;
            });
    old.append(bytes("four"), LATER);
    assertThat(texts(log(), 1)).containsExactly("one", "two", "three", "four");
  }

  /** I.e. never the last record: its position would be used again, behind whoever has read it. */
  @Test
  void dropExpired_recordAddedMeanwhile_isTheLastAndStays() {
    log().append(bytes("one"), Instant.EPOCH);
    var listings = new ArrayList<Path>();
    var dropping =
        new FileRevocationLog(
            directory(),
            within -> {
              List<Long> found = FileRevocationLog.listed(within);
              listings.add(within);
              if (listings.size() == 3) { // the newest has just been looked for
                log().append(bytes("two"), Instant.EPOCH);
              }
              return found;
            });
    dropping.dropExpired();
    assertThat(texts(log(), 2)).containsExactly("two");
    log().append(bytes("three"), LATER);
    assertThat(log().from(3, 1)).hasSize(1);
  }

  /** A stray name in another thousand is no position, for a reader as for a writer. */
  @Test
  void append_strayName_countsOnFromTheLastRecord() throws IOException {
    log().append(bytes("one"), LATER);
    Files.writeString(directory().resolve("revocations/0000000000000/0000000005000"), "stray");
    log().append(bytes("two"), LATER);
    assertThat(log().from(1, 10)).extracting(RevocationLog.Kept::position).containsExactly(1L, 2L);
  }

  /** What cannot be looked at is not gone. */
  @Test
  void from_recordThatCannotBeLookedAt_isNoAnswer() throws IOException {
    log().append(bytes("one"), LATER);
    log().append(bytes("two"), LATER);
    Path group = directory().resolve("revocations/0000000000000");
    var replaced =
        new FileRevocationLog(
            directory(),
            within -> {
              List<Long> found = FileRevocationLog.listed(within);
              if (within.equals(group)) {
                Files.move(group, temp.resolve("away"));
                Files.writeString(group, "no directory any more");
              }
              return found;
            });
    assertThatThrownBy(() -> replaced.from(1, 10)).hasMessageContaining("cannot be read");
  }
}
