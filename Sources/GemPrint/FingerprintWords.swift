/// A fingerprint as words, so that two people can compare it by telephone.
///
/// Each byte is one word of a list of 256, in the order below: byte 0 is the first. The first 16 bytes of a
/// SHA-256 are read (128 bits: nobody finds a second key with the same words); the hexadecimal form says all 32.
package enum FingerprintWords {
    package static let count = 16

    package static func of(_ hash: [UInt8]) -> [String] { hash.prefix(count).map { list[Int($0)] } }

    /// Alphabetical; it never changes, because printed papers carry it.
    package static let list: [String] = """
        acid acorn actor adult agent alarm album alley amber anchor angle ankle apple april apron arch arena arrow \
        aspen atlas attic autumn axis bacon badge bagel baker bamboo banjo barn basket beach beard beetle bell bench \
        berry bishop blade blanket bloom board bonnet border bottle bracket branch bread brick bridge bronze brush \
        bucket buffalo bugle butter cabin cactus camel candle canoe carbon carpet castle cedar cello chalk cherry \
        chess chimney circle citrus clay cliff clock clover cobalt coconut comet copper coral cotton couch crane \
        cream cricket crown cube curtain cycle dagger daisy dancer delta denim desert diesel dinner disk doctor \
        dolphin donkey dragon drum eagle earth echo elbow elder ember engine estate fable falcon farmer feather fern \
        fiddle field finger flag flint flute forest fossil fountain galaxy garden garlic gate geyser ginger \
        glacier glass globe goose grain granite grape guitar hammer harbor hazel helmet heron hill honey horn hotel \
        igloo index insect iron island ivory jacket jasmine jelly jewel judge jungle kettle kitten knight ladder \
        lagoon lamp lantern lemon lily linen lizard locket lotus lunar magnet mango maple marble market meadow melon \
        mercury mirror monk mosaic motor museum napkin needle nickel north nutmeg oasis ocean olive onion opera orbit \
        orchid otter oyster paddle panda paper parrot pebble pencil pepper piano pigeon pilot planet plum pocket poem \
        pond prairie pumpkin quail quartz quill rabbit radio raven ribbon river robin rocket saddle salmon satin \
        scarf shadow silver spider spoon summer sunset table temple thunder tiger timber tulip turtle valley velvet \
        violin walnut whale window winter wolf yellow zebra
        """.split(separator: " ").map(String.init)
}
