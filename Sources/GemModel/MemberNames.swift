/// Every member name of the data dictionary, asked when a name is not known: those that the place takes are
/// offered as "did you mean".
enum MemberNames {
    static let all: [String] = """
        airWeightCt amount analyses associated assortment at authority averageWeightCt basis
        birefringence blackInclusions bodyColour brand bullets buyer by characteristic
        chelsea citesPermit claimedBy clarity clarityRange clarityType clasp code
        collection colour colourRange colourStability comments condition confidence cost
        count country crown crownAngle crownHeightPct crystalHabit crystalMm culet
        currency cut degree department depth depthPct description designer
        diamond diamondType disclosedSource distribution document drilling element environment
        expectedYieldPct expiresOn exporter extent externalIds eyeClean fancyColour filler
        finenessPermille fluorescence fluorescenceColour girdle girdleCondition girdlePct grade gradeRange
        graduation grossWeightG growthMethod gtin hallmarks handmade hardness hs
        hue id identification image importer inclusions inscriptionGraphics inscriptions instrument
        intensity issuedOn issuingCountry jewellery karat keyToSymbols keywords
        kimberley kind knotted landedCost leadTimeDays length lengthMm licence locality
        location lowerHalfPct lustre magnification maker makingCharge manufacturedOn matchedPair matching
        materialTest matrix max measurementsMm memoPrice metal metalLinked metals method milky min
        mine minimumPrice mixedOrigin modifier mollusc moq nacre nacreMm name
        nature netWeightG notes number office opticCharacter openInclusions order orient
        origin originCountry overtone packagingText packed pair parcel parcels parentStockNumber
        pavilion pavilionAngle pavilionDepthPct pearl perCarat phenomena piece pieces
        plating platingMicrons position pleochroism polish price priceBasis prices private
        public quantity rays region repairs reportTitle reportType resizable result ri role
        rough rows safety saturation scheme sealNumber separable set
        setting sg shade shape sieve size sizeMm sizeRange
        sourceType species specimen spectrum spotRi stability starLengthPct stockNumber
        stone stones stonesValue strand suggestedPrice surface symmetry system tablePct
        term testedBy testedHow tests text tiers title tone
        total totalWeightCt totals traceability tradeTerms transparency treatments type
        uvLong uvShort validation value variety viewedFromCm waterWeightCt weightCt
        weightG whiteInclusions width widthMm year zoning
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
